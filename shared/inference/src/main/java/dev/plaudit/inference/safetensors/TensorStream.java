package dev.plaudit.inference.safetensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of any element type that is made while it is written, so that it never lies in memory as a whole.
 *
 * @param shape the size of each dimension; empty for a scalar
 * @param content makes its elements
 */
public record TensorStream(DType dtype, long[] shape, Content content) {
    /** Makes a tensor's elements, little-endian and row-major. */
    public interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes the next bytes; they may be overwritten afterwards. */
    public interface Sink {
        void write(MemorySegment bytes) throws IOException;
    }

    /** How many bytes the elements take. */
    public long byteSize() {
        long size = dtype.bytes();
        for (long extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }
}
