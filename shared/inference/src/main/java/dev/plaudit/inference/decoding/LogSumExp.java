package dev.plaudit.inference.decoding;

/**
 * {@code log Σ exp(x)}, to about 10⁻⁶: searches need it of every row at every step, and with {@link Math#exp} it would be
 * the greater part of their own time.
 */
final class LogSumExp {
    private static final int CHUNK = 1024;

    /** What is so far below the highest adds nothing, even in a vocabulary of a million. */
    private static final float NEGLIGIBLE = -32;

    private LogSumExp() {}

    /** @param max the highest of the values */
    static double of(float[] values, int start, int size, float max) {
        float[] chunk = new float[Math.min(CHUNK, size)];
        double sum = 0;
        for (int at = 0; at < size; at += CHUNK) {
            int count = Math.min(CHUNK, size - at);
            System.arraycopy(values, start + at, chunk, 0, count);
            exp(chunk, count, max);
            sum += sum(chunk, count);
        }
        return max + Math.log(sum);
    }

    /**
     * {@code exp(x) = exp(x / 32)³²}, the inner one by its series, best near 0 where it counts. One array and no call: so the
     * compiler makes vectors of it.
     */
    private static void exp(float[] values, int count, float max) {
        for (int i = 0; i < count; i++) {
            float x = Math.max(values[i] - max, NEGLIGIBLE) / 32;
            float e = 1
                    + x
                            * (1
                                    + x
                                            * (1 / 2f
                                                    + x
                                                            * (1 / 6f
                                                                    + x
                                                                            * (1 / 24f
                                                                                    + x
                                                                                            * (1 / 120f
                                                                                                    + x
                                                                                                            * (1 / 720f
                                                                                                                    + x
                                                                                                                            / 5040))))));
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            values[i] = e * e;
        }
    }

    /** In four parts, since each sum waits for the one before. */
    private static double sum(float[] values, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < count; i++) {
            a += values[i];
        }
        return (double) a + b + c + d;
    }
}
