package dev.plaudit.inference.onnx;

/** The size of one dimension: known, or named and open until the graph runs. */
public sealed interface Dimension {
    record Fixed(long size) implements Dimension {}

    record Open(String name) implements Dimension {}

    static Dimension of(long size) {
        return new Fixed(size);
    }

    static Dimension of(String name) {
        return new Open(name);
    }
}
