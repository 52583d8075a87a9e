package dev.plaudit.training.likes;

import java.util.Arrays;

/**
 * Posts with known likes, as arrays of n.
 *
 * @param features n rows of numeric features, NaN where unknown
 * @param embeddings n embeddings of the text
 * @param probabilities n times seven, the classifier's like bucket probabilities; made by a classifier that has not seen
 *     these posts, or the interval comes out too narrow
 * @param likes n numbers, not negative
 */
public record LikesRows(float[][] features, float[][] embeddings, double[][] probabilities, int[] likes) {
    public LikesRows {
        if (features.length != likes.length
                || embeddings.length != likes.length
                || probabilities.length != likes.length) {
            throw new IllegalArgumentException("Features, embeddings, probabilities and likes must be as many.");
        }
        if (Arrays.stream(likes).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("Likes must not be negative.");
        }
    }

    /** How many posts. */
    public int size() {
        return likes.length;
    }

    /** Features and embedding of post i as one row. */
    float[] row(int i) {
        float[] row = Arrays.copyOf(features[i], features[i].length + embeddings[i].length);
        System.arraycopy(embeddings[i], 0, row, features[i].length, embeddings[i].length);
        return row;
    }
}
