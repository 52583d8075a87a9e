/**
 * Trains language models of the Llama architecture on instructions, from scratch, from a checkpoint, or as a low-rank
 * adapter of one, and writes Hugging Face's {@code LlamaForCausalLM} layout.
 */
package dev.plaudit.training.language;
