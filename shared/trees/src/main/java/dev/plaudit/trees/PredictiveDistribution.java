package dev.plaudit.trees;

import java.util.Arrays;
import java.util.List;

/**
 * The predicted distribution of log1p(likes): bucket b with its probability, and within it the regressor's value plus one
 * of the bucket's residuals, each as likely as the next.
 */
final class PredictiveDistribution {
    private final double[] atoms;
    private final double[] cumulative;

    /** Buckets whose regressor was not asked (NaN) are left out. */
    PredictiveDistribution(List<LikesConfig.Bucket> buckets, double[] probabilities, double[] perBucketLog) {
        double[][] ascending = new double[buckets.size()][];
        int count = 0;
        for (int b = 0; b < ascending.length; b++) {
            ascending[b] = Double.isNaN(perBucketLog[b])
                    ? new double[0]
                    : buckets.get(b).around(perBucketLog[b]);
            count += ascending[b].length;
        }
        atoms = new double[count];
        cumulative = new double[count];
        int[] next = new int[ascending.length];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            int bucket = leastNext(ascending, next);
            sum += probabilities[bucket] / ascending[bucket].length;
            atoms[i] = ascending[bucket][next[bucket]++];
            cumulative[i] = sum;
        }
    }

    /** A step of merging sorted arrays: the one whose next value is the least. */
    private static int leastNext(double[][] ascending, int[] next) {
        int least = -1;
        for (int b = 0; b < ascending.length; b++) {
            if (next[b] < ascending[b].length && (least < 0 || ascending[b][next[b]] < ascending[least][next[least]])) {
                least = b;
            }
        }
        return least;
    }

    /** The smallest value with at least this share of the probability at or below it; level 0 to 1. */
    double quantile(double level) {
        double target = level * cumulative[cumulative.length - 1];
        int index = Arrays.binarySearch(cumulative, target);
        return atoms[Math.min(index < 0 ? -index - 1 : index, atoms.length - 1)];
    }
}
