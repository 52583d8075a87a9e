/**
 * Decoding: from the scores of a language model to text. Searches see a model only as a {@link
 * dev.plaudit.inference.decoding.Decoder}, so that OPT, Llama and a table of a test are all the same to them.
 */
package dev.plaudit.inference.decoding;
