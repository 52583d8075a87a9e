package dev.plaudit.inference.onnx.ffi;

import java.lang.foreign.MemorySegment;

/** Memory of a session's device. */
public final class DeviceMemory implements AutoCloseable {
    private final MemorySegment allocator;
    private final MemorySegment start;
    private final long size;

    DeviceMemory(MemorySegment allocator, long size) {
        this.allocator = allocator;
        this.size = size;
        this.start = OrtApi.Function.ALLOCATOR_ALLOC.create(allocator, size);
    }

    /** The rest of the memory from a place on; its bytes need not be readable here. */
    MemorySegment at(long offset) {
        return start.reinterpret(size).asSlice(offset);
    }

    @Override
    public void close() {
        OrtApi.Function.ALLOCATOR_FREE.call(allocator, start);
    }
}
