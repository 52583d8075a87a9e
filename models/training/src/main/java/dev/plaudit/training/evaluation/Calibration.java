package dev.plaudit.training.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How honest probabilities of classes are. Confidence is the probability of the most probable class (Guo et al., "On
 * calibration of modern neural networks", ICML 2017).
 *
 * @param expectedError the mean gap between confidence and accuracy over the bins, weighted by their cases
 * @param bins the bins that hold a case, by ascending confidence
 */
public record Calibration(double expectedError, List<Bin> bins) {
    /** Equal-width bins of the confidence, as many as in the paper. */
    private static final int BINS = 15;

    /**
     * The cases whose confidence c is low &lt; c ≤ high.
     *
     * @param low the bin's lower end
     * @param high the bin's upper end
     * @param n how many cases, at least one
     * @param confidence their mean confidence
     * @param accuracy the share whose most probable class is right
     */
    public record Bin(double low, double high, int n, double confidence, double accuracy) {}

    /**
     * Measures probabilities.
     *
     * @param truths the right class of each case, from 0
     * @param probabilities of the classes, for each case
     */
    public static Calibration of(int[] truths, double[][] probabilities) {
        int[] cases = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        for (int i = 0; i < truths.length; i++) {
            int best = 0;
            for (int c = 1; c < probabilities[i].length; c++) {
                if (probabilities[i][c] > probabilities[i][best]) {
                    best = c;
                }
            }
            int bin = Math.clamp((int) Math.ceil(probabilities[i][best] * BINS) - 1, 0, BINS - 1);
            cases[bin]++;
            confidence[bin] += probabilities[i][best];
            if (best == truths[i]) {
                right[bin]++;
            }
        }
        List<Bin> bins = new ArrayList<>();
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            if (cases[bin] > 0) {
                bins.add(new Bin(
                        bin / (double) BINS,
                        (bin + 1) / (double) BINS,
                        cases[bin],
                        confidence[bin] / cases[bin],
                        right[bin] / (double) cases[bin]));
                error += Math.abs(confidence[bin] - right[bin]) / truths.length;
            }
        }
        return new Calibration(error, List.copyOf(bins));
    }
}
