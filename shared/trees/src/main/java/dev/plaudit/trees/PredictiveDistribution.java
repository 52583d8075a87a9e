package dev.plaudit.trees;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The predicted distribution of log1p(likes): bucket b with its probability, and within it the regressor's value plus one
 * of the bucket's residuals, each as likely as the next.
 */
final class PredictiveDistribution {
    private final double[] atoms;
    private final double[] cumulative;

    /** Buckets whose regressor was not asked (NaN) are left out. */
    PredictiveDistribution(List<LikesConfig.Bucket> buckets, double[] probabilities, double[] perBucketLog) {
        record Atom(double log, double weight) {}
        Atom[] sorted = IntStream.range(0, buckets.size())
                .filter(bucket -> !Double.isNaN(perBucketLog[bucket]))
                .boxed()
                .flatMap(bucket -> Arrays.stream(buckets.get(bucket).residuals())
                        .mapToObj(residual -> new Atom(
                                buckets.get(bucket).clampLog(perBucketLog[bucket] + residual),
                                probabilities[bucket] / buckets.get(bucket).residuals().length)))
                .sorted(Comparator.comparingDouble(Atom::log))
                .toArray(Atom[]::new);
        atoms = Arrays.stream(sorted).mapToDouble(Atom::log).toArray();
        cumulative = Arrays.stream(sorted).mapToDouble(Atom::weight).toArray();
        Arrays.parallelPrefix(cumulative, Double::sum);
    }

    /** The smallest value with at least this share of the probability at or below it; level 0 to 1. */
    double quantile(double level) {
        double target = level * cumulative[cumulative.length - 1];
        int index = Arrays.binarySearch(cumulative, target);
        return atoms[Math.min(index < 0 ? -index - 1 : index, atoms.length - 1)];
    }
}
