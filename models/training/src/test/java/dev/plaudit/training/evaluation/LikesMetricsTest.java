package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LikesMetricsTest {
    private static double[] sure(int bucket, double probability) {
        double[] probabilities = new double[7];
        Arrays.fill(probabilities, (1 - probability) / 6);
        probabilities[bucket - 1] = probability;
        return probabilities;
    }

    @Test
    void errorsOfLikes() {
        // Errors 3 and -4: squares 9 and 16, mean 12.5.
        LikesMetrics metrics = LikesMetrics.ofPoint(new int[] {10, 20}, new int[] {13, 16});
        assertThat(metrics.n()).isEqualTo(2);
        assertThat(metrics.rmseLikes()).isCloseTo(Math.sqrt(12.5), within(1e-12));
        assertThat(metrics.mae()).isEqualTo(3.5);
    }

    @Test
    void errorsOfLargeLikesDoNotOverflow() {
        LikesMetrics metrics = LikesMetrics.ofPoint(new int[] {0}, new int[] {Integer.MAX_VALUE});
        assertThat(metrics.mae()).isEqualTo(2147483647.0);
        assertThat(metrics.rmseLikes()).isEqualTo(2147483647.0);
    }

    @Test
    void errorOfTheLogarithm() {
        // log1p: 0 against ln 4, and ln 8 against ln 2: errors ln 4 and -ln 4.
        LikesMetrics metrics = LikesMetrics.ofPoint(new int[] {0, 7}, new int[] {3, 1});
        assertThat(metrics.rmseLog()).isCloseTo(Math.log(4), within(1e-12));
    }

    @Test
    void confusionAccuracyAndMacroF1() {
        // True buckets 1 1 2 3, predicted 1 2 2 2: F1 of bucket 1 is 2·1/(2+1), of 2 is 2·1/(1+3), of 3 is 0.
        LikesMetrics metrics = LikesMetrics.ofPoint(new int[] {0, 10, 50, 200}, new int[] {5, 11, 100, 99});
        assertThat(metrics.bucketAccuracy()).isEqualTo(0.5);
        assertThat(metrics.macroF1()).isCloseTo((2 / 3.0 + 0.5 + 0) / 3, within(1e-12));
        assertThat(metrics.confusion()[0]).containsExactly(1, 1, 0, 0, 0, 0, 0);
        assertThat(metrics.confusion()[1]).containsExactly(0, 1, 0, 0, 0, 0, 0);
        assertThat(metrics.confusion()[2]).containsExactly(0, 1, 0, 0, 0, 0, 0);
        assertThat(metrics.confusion()[6]).containsOnly(0);
        // True bucket 1, predicted 1 and, where nothing is, 7.
        assertThat(LikesMetrics.ofPoint(new int[] {0, 10}, new int[] {0, 5000}).macroF1())
                .isCloseTo(2 / 3.0 / 2, within(1e-12));
    }

    @Test
    void expectedCalibrationError() {
        // Bin 14 of 15, (0.867, 0.933]: confidences 0.9 0.9, one right: gap 0.4, weight 2/3.
        // Bin 8, (0.467, 0.533]: confidence 0.5, right: gap 0.5, weight 1/3.
        double[][] probabilities = {sure(1, 0.9), sure(1, 0.9), sure(2, 0.5)};
        LikesMetrics metrics = LikesMetrics.of(
                new int[] {5, 50, 60}, new int[3], new int[3], new int[3], probabilities, new int[] {1, 1, 2});
        assertThat(metrics.calibration().expectedError()).isCloseTo(0.4 * 2 / 3 + 0.5 / 3, within(1e-12));
        assertThat(metrics.calibration().bins()).hasSize(2);
        Calibration.Bin upper = metrics.calibration().bins().getLast();
        assertThat(upper.low()).isCloseTo(13 / 15.0, within(1e-12));
        assertThat(upper.high()).isCloseTo(14 / 15.0, within(1e-12));
        assertThat(upper.n()).isEqualTo(2);
        assertThat(upper.confidence()).isCloseTo(0.9, within(1e-12));
        assertThat(upper.accuracy()).isEqualTo(0.5);
    }

    @Test
    void fullConfidenceFallsIntoTheLastBin() {
        LikesMetrics metrics = LikesMetrics.of(
                new int[] {5}, new int[1], new int[1], new int[1], new double[][] {sure(1, 1)}, new int[] {1});
        assertThat(metrics.calibration().bins()).singleElement().satisfies(bin -> assertThat(bin.high())
                .isEqualTo(1));
        assertThat(metrics.calibration().expectedError()).isZero();
    }

    @Test
    void aConfidenceBetweenTwoBinsIsOfTheLower() {
        Calibration calibration = Calibration.of(new int[] {0}, new double[][] {{0.6, 0.4}});
        assertThat(calibration.bins()).singleElement().satisfies(bin -> assertThat(bin.high())
                .isEqualTo(9 / 15.0));
    }

    @Test
    void intervalCoverageAndWidth() {
        // 5 in [5, 9] (ends count), 50 not in [0, 49], 60 in [0, 99]; widths ln(10/6), ln 50, ln 100.
        double[][] probabilities = {sure(1, 1), sure(2, 1), sure(2, 1)};
        LikesMetrics metrics = LikesMetrics.of(
                new int[] {5, 50, 60},
                new int[3],
                new int[] {5, 0, 0},
                new int[] {9, 49, 99},
                probabilities,
                new int[] {1, 2, 2});
        assertThat(metrics.interval().coverage()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(metrics.interval().meanLogWidth())
                .isCloseTo((Math.log(10 / 6.0) + Math.log(50) + Math.log(100)) / 3, within(1e-12));
        assertThat(metrics.interval().coverageByBucket()).startsWith(1, 0.5).endsWith(Double.NaN);
    }

    @Test
    void aPointPredictorHasNeitherIntervalNorCalibration() {
        LikesMetrics metrics = LikesMetrics.ofPoint(new int[] {1}, new int[] {1});
        assertThat(metrics.interval()).isNull();
        assertThat(metrics.calibration()).isNull();
    }

    @Test
    void arraysThatAreNotAsManyAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LikesMetrics.ofPoint(new int[2], new int[3]))
                .withMessage("There must be posts, and one entry for each in every array.");
        assertThatIllegalArgumentException().isThrownBy(() -> LikesMetrics.ofPoint(new int[0], new int[0]));
    }
}
