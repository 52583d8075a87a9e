package dev.plaudit.events;

import java.util.List;

/**
 * What the classifier makes of a prompt; the regressors go on from here.
 *
 * @param bucket the most probable bucket
 * @param probabilities of buckets 1 to 7; they add up to 1
 * @param level the bucket in one word
 * @param embedding the pooled vector the decision was made on
 * @param omissions the probabilities without each part of the prompt; empty unless {@link Options#explain()}
 */
public record Classification(
        LikeBucket bucket, List<Double> probabilities, LikeLevel level, Embedding embedding, List<Omission> omissions) {
    /** How far from 1 the sum of probabilities may be. */
    private static final double ROUNDING = 1e-3;

    /**
     * What the classifier says when one part of the prompt is left out.
     *
     * @param part the part's name
     * @param probabilities of buckets 1 to 7 without it
     */
    public record Omission(String part, List<Double> probabilities) {
        public Omission {
            probabilities = requireProbabilities(probabilities);
        }
    }

    public Classification {
        if (bucket == null) {
            throw new InvalidFieldException("bucket", "is missing");
        }
        probabilities = requireProbabilities(probabilities);
        if (embedding == null) {
            throw new InvalidFieldException("embedding", "is missing");
        }
        omissions = omissions == null ? List.of() : List.copyOf(omissions);
    }

    private static List<Double> requireProbabilities(List<Double> probabilities) {
        if (probabilities == null
                || probabilities.size() != LikeBucket.COUNT
                || probabilities.stream().anyMatch(p -> p == null || !(p >= 0 && p <= 1))
                || Math.abs(probabilities.stream().mapToDouble(p -> p).sum() - 1) > ROUNDING) {
            throw new InvalidFieldException(
                    "probabilities", "must be " + LikeBucket.COUNT + " numbers from 0 to 1 that add up to 1");
        }
        return List.copyOf(probabilities);
    }
}
