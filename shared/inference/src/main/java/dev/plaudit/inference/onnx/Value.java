package dev.plaudit.inference.onnx;

/** An edge of a graph: an input, an initialiser, or what a node computes. */
public record Value(String name) {
    /** Stands for an optional input that is not given, or an output that is not wanted. */
    public static final Value NONE = new Value("");
}
