/**
 * Trains text classifiers: a WordPiece vocabulary from raw texts, then a DistilBERT over it, written as a folder in
 * the Hugging Face layout that any other tool of the ecosystem reads.
 */
package dev.plaudit.training.text;
