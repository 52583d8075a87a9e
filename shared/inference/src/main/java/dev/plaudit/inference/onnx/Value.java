package dev.plaudit.inference.onnx;

/** An edge of a graph: an input, an initialiser, or what a node computes. */
public record Value(String name) {}
