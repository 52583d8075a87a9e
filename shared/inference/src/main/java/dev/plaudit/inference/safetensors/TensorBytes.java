package dev.plaudit.inference.safetensors;

import java.lang.foreign.MemorySegment;

/**
 * A tensor of any element type, to be written.
 *
 * @param shape the size of each dimension; empty for a scalar
 * @param data its elements outside the heap, little-endian and row-major
 */
public record TensorBytes(DType dtype, long[] shape, MemorySegment data) {}
