package dev.plaudit.inference.decoding;

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
    float get(int token) {
        return array[start + token];
    }

    /** Sets a score; a token that the model does not have is passed over. */
    void set(int token, float score) {
        if (token < size) {
            array[start + token] = score;
        }
    }

    /** The highest score. By comparisons that are seldom true, which is faster than {@link Math#max}. */
    float max() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + size; i++) {
            if (array[i] > max) {
                max = array[i];
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

    /** The first token, from one on, whose score is higher than {@code floor}; {@code size} when there is none. */
    int above(float floor, int from) {
        int i = start + from;
        while (i < start + size && !(array[i] > floor)) {
            i++;
        }
        return i - start;
    }

    /** {@code log Σ exp(score)}. */
    double logSumExp() {
        return LogSumExp.of(array, start, size, max());
    }

    /** Makes them log-probabilities. */
    void normalize() {
        float norm = (float) logSumExp();
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

    /** The token at which the summed probabilities of the possible ones, from the first on, exceed a share of all. */
    int draw(double share) {
        double norm = logSumExp();
        double reached = 0;
        int last = -1;
        for (int token = 0; token < size && reached <= share; token++) {
            if (get(token) > Float.NEGATIVE_INFINITY) {
                reached += Math.exp(get(token) - norm);
                last = token;
            }
        }
        return last;
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

    /** The tokens whose score is higher than {@code floor}, the likeliest first. */
    int[] bestFirst(float floor) {
        long[] keys = new long[size];
        int count = 0;
        for (int token = above(floor, 0); token < size; token = above(floor, token + 1)) {
            keys[count++] = (long) ~ascending(get(token)) << Integer.SIZE | token;
        }
        Arrays.sort(keys, 0, count);
        int[] tokens = new int[count];
        for (int rank = 0; rank < count; rank++) {
            tokens[rank] = (int) keys[rank];
        }
        return tokens;
    }

    /** Whole numbers in the order of the scores. */
    private static int ascending(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    }
}
