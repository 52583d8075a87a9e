/**
 * A checkpoint folder becomes a running model: one that tells texts apart ({@link dev.plaudit.inference.classification}), says
 * what pictures show ({@link dev.plaudit.inference.blip2}) or writes ({@link dev.plaudit.inference.llama}). {@link
 * dev.plaudit.inference.safetensors} reads and writes weights, {@link dev.plaudit.inference.onnx} writes graphs, {@link
 * dev.plaudit.inference.decoding} says what a language model says. Here stands what all of them speak of. Knows no other
 * module.
 */
package dev.plaudit.inference;
