package dev.plaudit.inference.onnx;

/** Element types of a value, those of {@code TensorProto.DataType} that the graphs here need. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT32(6, 4),
    INT64(7, 8),
    FLOAT16(10, 2);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Its number in {@code TensorProto.DataType}. */
    public int code() {
        return code;
    }

    /** Bytes of an element. */
    public long bytes() {
        return bytes;
    }
}
