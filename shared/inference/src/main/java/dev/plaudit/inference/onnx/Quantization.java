package dev.plaudit.inference.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** Weights as small integers, in the layouts that ONNX Runtime's operators take. */
final class Quantization {
    /** Inputs of an output channel that share one scale in four bits. */
    static final int BLOCK = 32;

    /** {@code accuracy_level} of {@code MatMulNBits} that quantises activations to bytes. */
    static final int INT8_ACTIVATIONS = 4;

    /** What stands for zero in a byte. */
    static final byte ZERO_POINT = (byte) 128;

    private static final int NIBBLE_ZERO = 8;

    private Quantization() {}

    /**
     * Bytes {@code [in, out]}, symmetric about 128, with one scale per output channel: {@code w ≈ scale · (q − 128)}.
     *
     * @param weight {@code [out, in]}
     * @param scales receives {@code out} values
     */
    static MemorySegment int8(float[] weight, int out, int in, float[] scales, SegmentAllocator memory) {
        MemorySegment matrix = memory.allocate((long) out * in);
        for (int row = 0; row < out; row++) {
            int start = row * in;
            float max = Float.MIN_NORMAL;
            for (int i = start; i < start + in; i++) {
                max = Math.max(max, Math.abs(weight[i]));
            }
            scales[row] = max / 127;
            for (int column = 0; column < in; column++) {
                int steps = Math.round(weight[start + column] / scales[row]);
                matrix.set(ValueLayout.JAVA_BYTE, (long) column * out + row, (byte) (steps + ZERO_POINT));
            }
        }
        return matrix;
    }

    /** Blocks that a row of {@code in} weights makes, the last one filled up with zeros. */
    static int blocks(int in) {
        return Math.ceilDiv(in, BLOCK);
    }

    /**
     * Half bytes {@code [out, blocks, 16]}, the even input in the lower half, symmetric about 8: {@code w ≈ scale · (q −
     * 8)}. The scale takes the block's largest weight, sign included, to −8, which leaves no level unused.
     *
     * @param weight {@code [out, in]}
     * @param scales receives {@code out · blocks} values
     */
    static MemorySegment int4(float[] weight, int out, int in, float[] scales, SegmentAllocator memory) {
        int blocks = blocks(in);
        MemorySegment matrix = memory.allocate((long) out * blocks * (BLOCK / 2));
        for (int block = 0; block < out * blocks; block++) {
            int first = block / blocks * in + block % blocks * BLOCK;
            int count = Math.min(BLOCK, in - block % blocks * BLOCK);
            float extreme = Float.MIN_NORMAL;
            for (int i = first; i < first + count; i++) {
                extreme = Math.abs(weight[i]) > Math.abs(extreme) ? weight[i] : extreme;
            }
            scales[block] = extreme / -NIBBLE_ZERO;
            for (int i = 0; i < BLOCK; i += 2) {
                int low = i < count ? nibble(weight[first + i] / scales[block]) : NIBBLE_ZERO;
                int high = i + 1 < count ? nibble(weight[first + i + 1] / scales[block]) : NIBBLE_ZERO;
                matrix.set(ValueLayout.JAVA_BYTE, (long) block * (BLOCK / 2) + i / 2, (byte) (high << 4 | low));
            }
        }
        return matrix;
    }

    private static int nibble(float steps) {
        return Math.clamp(Math.round(steps) + NIBBLE_ZERO, 0, 15);
    }
}
