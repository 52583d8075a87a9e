package dev.plaudit.inference.decoding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The scores of what may follow a sequence: a part of an array. Of equal scores, the lower token comes first.
 *
 * @param array that is changed in place
 * @param start the first token's place in it
 * @param size how many tokens there are
 */
record Scores(float[] array, int start, int size) {
    /** So few that most stretches hold none of the likeliest tokens. */
    private static final int STRETCH = 256;

    float get(int token) {
        return array[start + token];
    }

    /** The same in an array of its own. */
    Scores copy() {
        return new Scores(Arrays.copyOfRange(array, start, start + size), 0, size);
    }

    /** Sets a score; a token that the model does not have is passed over. */
    void set(int token, float score) {
        if (token < size) {
            array[start + token] = score;
        }
    }

    /** The highest score. */
    float max() {
        return max(peaks());
    }

    /** The highest score of every {@value #STRETCH} tokens. */
    float[] peaks() {
        float[] peaks = new float[Math.ceilDiv(size, STRETCH)];
        MemorySegment scores = MemorySegment.ofArray(array);
        int[] bits = new int[STRETCH];
        for (int i = 0; i < peaks.length; i++) {
            int first = i * STRETCH;
            int count = Math.min(STRETCH, size - first);
            MemorySegment.copy(
                    scores, ValueLayout.JAVA_INT_UNALIGNED, (long) (start + first) * Float.BYTES, bits, 0, count);
            peaks[i] = highest(bits, count);
        }
        return peaks;
    }

    /** Compared as whole numbers, of which the compiler makes vectors; of {@link Math#max} of floats it does not. */
    private static float highest(int[] bits, int count) {
        int highest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, ascending(bits[i]));
        }
        return Float.intBitsToFloat(ascending(highest));
    }

    static float max(float[] values) {
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (value > max) {
                max = value;
            }
        }
        return max;
    }

    /** The token with the highest score. */
    int best() {
        int best = 0;
        for (int token = 1; token < size; token++) {
            if (get(token) > get(best)) {
                best = token;
            }
        }
        return best;
    }

    /**
     * The first token, from one on, whose score is higher than {@code floor}; {@code size} when there is none.
     *
     * @param peaks which the scores of their {@linkplain #peaks stretches} do not exceed
     */
    int above(float floor, int from, float[] peaks) {
        int token = from;
        while (token < size) {
            int end = Math.min(size, (token / STRETCH + 1) * STRETCH);
            if (peaks[token / STRETCH] > floor) {
                for (; token < end; token++) {
                    if (array[start + token] > floor) {
                        return token;
                    }
                }
            }
            token = end;
        }
        return size;
    }

    /** {@code log Σ exp(score)}. */
    double logSumExp() {
        return new Exponentials(this).logSum();
    }

    /** Takes as much from each. */
    void subtract(float norm) {
        for (int i = start; i < start + size; i++) {
            array[i] -= norm;
        }
    }

    /** Makes every token impossible whose score is less. */
    void keepFrom(float least) {
        for (int i = start; i < start + size; i++) {
            if (array[i] < least) {
                array[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** The token at which the summed probabilities, from the first on, exceed a share of all, below 1. */
    int draw(double share) {
        Exponentials exponentials = new Exponentials(this);
        double[] sums = new double[exponentials.chunks()];
        Arrays.setAll(sums, exponentials::sum);
        double wanted = share * Arrays.stream(sums).sum();
        double before = 0;
        int chunk = 0;
        while (before + sums[chunk] <= wanted && anyIn(sums, chunk + 1)) {
            before += sums[chunk++];
        }
        float[] values = exponentials.of(chunk);
        int last = 0;
        for (int i = 0; i < exponentials.count(chunk) && before <= wanted; i++) {
            if (values[i] > 0) {
                before += values[i];
                last = i;
            }
        }
        return exponentials.first(chunk) + last;
    }

    private static boolean anyIn(double[] sums, int from) {
        return Arrays.stream(sums, from, sums.length).anyMatch(sum -> sum > 0);
    }

    /** The {@code count}-th highest score, equals counted one by one. */
    float highest(int count) {
        PriorityQueue<Float> highest = new PriorityQueue<>(count);
        float least = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + size; i++) {
            if (highest.size() < count) {
                highest.add(array[i]);
                least = highest.peek();
            } else if (array[i] > least) {
                highest.poll();
                highest.add(array[i]);
                least = highest.peek();
            }
        }
        return least;
    }

    /** Sorts tokens by their scores, the likeliest first. */
    void sort(int[] tokens) {
        long[] keys = new long[tokens.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) ~ascending(Float.floatToIntBits(get(tokens[i]) + 0f)) << Integer.SIZE | tokens[i];
        }
        Arrays.sort(keys);
        for (int rank = 0; rank < keys.length; rank++) {
            tokens[rank] = (int) keys[rank];
        }
    }

    /** The bits of a number as whole numbers in the order of the numbers, and back. */
    private static int ascending(int bits) {
        return bits ^ bits >> Integer.SIZE - 1 >>> 1;
    }
}
