package dev.plaudit.inference.decoding;

import dev.plaudit.inference.ModelException;

/**
 * {@code exp(x − max)} of scores {@code x}, to about 10⁻⁶, a chunk at a time: searches need it of every row at every step,
 * and with {@link Math#exp} it would be the greater part of their own time. What is so far below the highest that it adds
 * nothing, even in a vocabulary of a million, is 0. Not thread-safe.
 */
final class Exponentials {
    private static final int CHUNK = 1024;

    /** How far below the highest nothing counts any more. */
    static final float DEPTH = 32;

    /** What the series makes of it. */
    private static final float NOTHING = power(-1);

    private final Scores scores;
    private final float[] peaks;
    private final float max;
    private final float[] values;

    /** @param scores at least one; of those none of which is possible only {@link #max} is defined */
    Exponentials(Scores scores) {
        this.scores = scores;
        this.peaks = scores.peaks();
        this.max = Scores.max(peaks, 0, peaks.length);
        this.values = new float[Math.min(CHUNK, scores.size())];
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
        exp(values, count, max);
        return values;
    }

    /** The sum of a chunk's. */
    double sum(int chunk) {
        return sum(of(chunk), count(chunk));
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
    private static void exp(float[] values, int count, float max) {
        for (int i = 0; i < count; i++) {
            values[i] = power(Math.max(values[i] - max, -DEPTH) / DEPTH) - NOTHING;
        }
    }

    /** {@code exp(32 x) = exp(x)³²}, the inner one by its series, best near 0 where it counts. */
    private static float power(float x) {
        float e = 1 / 720f + x * (1 / 5040f);
        e = 1 / 120f + x * e;
        e = 1 / 24f + x * e;
        e = 1 / 6f + x * e;
        e = 1 / 2f + x * e;
        e = 1 + x * e;
        e = 1 + x * e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        return e * e;
    }

    /** In eight parts, since each sum waits for the one before. */
    private static double sum(float[] values, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + 7 < count; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < count; i++) {
            a += values[i];
        }
        return ((double) a + b) + ((double) c + d) + ((double) e + f) + ((double) g + h);
    }
}
