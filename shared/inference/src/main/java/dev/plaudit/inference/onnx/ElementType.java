package dev.plaudit.inference.onnx;

/** Element types of a value, those of {@code TensorProto.DataType} that the graphs here need. */
public enum ElementType {
    FLOAT(1),
    UINT8(2),
    INT32(6),
    INT64(7);

    private final int code;

    ElementType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
