/**
 * A checkpoint folder becomes a running model. {@link dev.plaudit.inference.TextClassifier} is the way in;
 * {@link dev.plaudit.inference.safetensors} reads and writes weights, {@link dev.plaudit.inference.onnx} writes graphs,
 * and each architecture has a package of its own. Knows no other module.
 */
package dev.plaudit.inference;
