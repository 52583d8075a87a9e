package dev.plaudit.inference.safetensors;

/** Element types of a tensor, by the names that the format gives them. */
public enum DType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes that one element takes. */
    public int bytes() {
        return bytes;
    }
}
