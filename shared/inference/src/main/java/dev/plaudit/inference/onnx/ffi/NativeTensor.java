package dev.plaudit.inference.onnx.ffi;

import dev.plaudit.inference.onnx.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A tensor over memory that it does not own.
 *
 * @param value ONNX Runtime's
 */
public record NativeTensor(MemorySegment value) implements AutoCloseable {
    /** @throws IllegalArgumentException when the memory is smaller than the tensor */
    static NativeTensor over(MemorySegment device, MemorySegment memory, ElementType type, long... shape) {
        long bytes = Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact);
        if (bytes > memory.byteSize()) {
            throw new IllegalArgumentException("a tensor of " + bytes + " bytes over " + memory.byteSize());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dimensions = arena.allocateFrom(ValueLayout.JAVA_LONG, shape);
            return new NativeTensor(OrtApi.Function.CREATE_TENSOR_WITH_DATA.create(
                    device, memory, bytes, dimensions, (long) shape.length, type.code()));
        }
    }

    @Override
    public void close() {
        OrtApi.Release.VALUE.call(value);
    }
}
