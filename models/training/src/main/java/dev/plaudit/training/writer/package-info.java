/** Teaches a language model to write a company's posts and to tell how well a post will be liked. */
package dev.plaudit.training.writer;
