package dev.plaudit.inference.safetensors;

import java.util.Arrays;

/**
 * Numbers in row-major order, to be written.
 *
 * @param shape the size of each dimension, none negative; empty for a scalar
 * @param values as many as the shape says
 */
public record Tensor(long[] shape, float[] values) {
    public Tensor {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(shape) + " cannot have " + values.length + " values");
        }
    }
}
