package dev.plaudit.inference.onnx;

/** Weights as small integers, in the layouts that ONNX Runtime's operators take. */
final class Quantization {
    /** {@code accuracy_level} of {@code MatMulNBits} that quantises activations to bytes. */
    static final int INT8_ACTIVATIONS = 4;

    /** What stands for zero in a byte. */
    static final byte ZERO_POINT = (byte) 128;

    private static final int NIBBLE_ZERO = 8;

    private Quantization() {}

    /**
     * Bytes symmetric about 128, with one scale per row: {@code w ≈ scale · (q − 128)}.
     *
     * @param rows {@code [count, in]}
     * @param scales receives {@code count} values from {@code firstScale} on
     * @return {@code [count, in]}
     */
    static byte[] int8(float[] rows, int in, float[] scales, int firstScale) {
        byte[] bytes = new byte[rows.length];
        for (int start = 0; start < rows.length; start += in) {
            float max = Float.MIN_NORMAL;
            for (int i = start; i < start + in; i++) {
                max = Math.max(max, Math.abs(rows[i]));
            }
            float scale = max / 127;
            scales[firstScale + start / in] = scale;
            for (int i = start; i < start + in; i++) {
                bytes[i] = (byte) (Math.round(rows[i] / scale) + ZERO_POINT);
            }
        }
        return bytes;
    }

    /**
     * Half bytes {@code [count, ⌈in / block⌉, block / 2]}, the even input in the lower half, symmetric about 8: {@code w ≈
     * scale · (q − 8)}; the last block of a row is filled up with zeros. The scale takes the block's largest weight, sign
     * included, to −8, which leaves no level unused.
     *
     * @param rows {@code [count, in]}
     * @param block even
     * @param scales receives one value per block from {@code firstScale} on
     */
    static byte[] int4(float[] rows, int in, int block, float[] scales, int firstScale) {
        int blocks = Math.ceilDiv(in, block);
        byte[] nibbles = new byte[rows.length / in * blocks * (block / 2)];
        for (int b = 0; b < rows.length / in * blocks; b++) {
            int first = b / blocks * in + b % blocks * block;
            int end = first + Math.min(block, in - b % blocks * block);
            float extreme = Float.MIN_NORMAL;
            for (int i = first; i < end; i++) {
                extreme = Math.abs(rows[i]) > Math.abs(extreme) ? rows[i] : extreme;
            }
            float scale = extreme / -NIBBLE_ZERO;
            scales[firstScale + b] = scale;
            for (int i = 0; i < block; i += 2) {
                int low = first + i < end ? nibble(rows[first + i] / scale) : NIBBLE_ZERO;
                int high = first + i + 1 < end ? nibble(rows[first + i + 1] / scale) : NIBBLE_ZERO;
                nibbles[b * (block / 2) + i / 2] = (byte) (high << 4 | low);
            }
        }
        return nibbles;
    }

    private static int nibble(float steps) {
        return Math.clamp(Math.round(steps) + NIBBLE_ZERO, 0, 15);
    }
}
