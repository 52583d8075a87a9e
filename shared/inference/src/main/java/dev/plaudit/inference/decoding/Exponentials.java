package dev.plaudit.inference.decoding;

import dev.plaudit.inference.ModelException;
import java.util.Arrays;

/**
 * {@code exp(x − max)} of scores {@code x}, to about 10⁻⁶, a chunk at a time: searches need it of every row at every step,
 * and with {@link Math#exp} it would be the greater part of their own time. Far below the highest they are only about
 * right, where they add nothing, and at last 0. Not thread-safe.
 */
final class Exponentials {
    private static final int CHUNK = 1024;

    private final Scores scores;
    private final float[] peaks;
    private final float max;
    private final float[] values;

    /** @param scores at least one; of those none of which is possible only {@link #max} is defined */
    Exponentials(Scores scores) {
        this.scores = scores;
        this.peaks = scores.peaks();
        this.max = Scores.max(peaks);
        this.values = new float[CHUNK];
    }

    /** The highest of the scores. */
    float max() {
        return max;
    }

    /** The scores' {@link Scores#peaks}. */
    float[] peaks() {
        return peaks;
    }

    int chunks() {
        return Math.ceilDiv(scores.size(), CHUNK);
    }

    /** The first token of a chunk. */
    int first(int chunk) {
        return chunk * CHUNK;
    }

    /** How many tokens a chunk has. */
    int count(int chunk) {
        return Math.min(CHUNK, scores.size() - first(chunk));
    }

    /** Those of a chunk's tokens, until the next call. */
    float[] of(int chunk) {
        int count = count(chunk);
        System.arraycopy(scores.array(), scores.start() + first(chunk), values, 0, count);
        Arrays.fill(values, count, CHUNK, Float.NEGATIVE_INFINITY);
        exp(values, max);
        return values;
    }

    /** The sum of a chunk's. */
    double sum(int chunk) {
        return sum(of(chunk));
    }

    /** The sum of all. */
    double sum() {
        double sum = 0;
        for (int chunk = 0; chunk < chunks(); chunk++) {
            sum += sum(chunk);
        }
        return sum;
    }

    /**
     * {@code log Σ exp(x)} of what a model answered.
     *
     * @throws ModelException when that is not all numbers, as of a damaged model, or of sums too large for their precision
     */
    double logSum() {
        double logSum = max + Math.log(sum());
        if (Double.isNaN(logSum)) {
            throw new ModelException(
                    "the model answers with logits that are no numbers: its weights are damaged, or its"
                            + " sums are too large for its precision");
        }
        return logSum;
    }

    /** One array and no call that is not inlined: so the compiler makes vectors of it. */
    private static void exp(float[] values, float max) {
        for (int i = 0; i < CHUNK; i++) {
            values[i] = 1 / power((max - values[i]) * (1 / 32f));
        }
    }

    /**
     * {@code exp(32 x) = exp(x)³²}, the inner one by its series, best near 0 where it counts; of a large {@code x} infinite.
     * Fused multiply-add is one instruction on all ARM64 and, since 2013, x86-64.
     */
    private static float power(float x) {
        float e = Math.fma(x, 1 / 5040f, 1 / 720f);
        e = Math.fma(x, e, 1 / 120f);
        e = Math.fma(x, e, 1 / 24f);
        e = Math.fma(x, e, 1 / 6f);
        e = Math.fma(x, e, 1 / 2f);
        e = Math.fma(x, e, 1);
        e = Math.fma(x, e, 1);
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        return e * e;
    }

    /** In halves of fixed sizes, of which the compiler makes vectors. Leaves other values behind. */
    private static float sum(float[] values) {
        fold(values, CHUNK / 2);
        fold(values, CHUNK / 4);
        fold(values, CHUNK / 8);
        fold(values, CHUNK / 16);
        fold(values, CHUNK / 32);
        fold(values, CHUNK / 64);
        float sum = 0;
        for (int i = 0; i < CHUNK / 64; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static void fold(float[] values, int half) {
        for (int i = 0; i < half; i++) {
            values[i] += values[i + half];
        }
    }
}
