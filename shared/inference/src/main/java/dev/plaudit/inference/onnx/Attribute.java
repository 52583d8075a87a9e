package dev.plaudit.inference.onnx;

/** A constant setting of a node. */
public sealed interface Attribute {
    String name();

    record Int(String name, long value) implements Attribute {}

    record Ints(String name, long... values) implements Attribute {}

    record Real(String name, float value) implements Attribute {}

    static Attribute of(String name, long value) {
        return new Int(name, value);
    }

    static Attribute list(String name, long... values) {
        return new Ints(name, values);
    }

    static Attribute of(String name, ElementType value) {
        return new Int(name, value.code());
    }

    static Attribute of(String name, float value) {
        return new Real(name, value);
    }
}
