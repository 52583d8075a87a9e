package dev.plaudit.training.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.features.LevelCalibration;
import dev.plaudit.training.evaluation.Calibration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelCalibratorTest {
    /** Answers that a model gives, and levels drawn as often as the calibration says. */
    private record Sample(double[][] answers, int[] levels) {
        static Sample of(LevelCalibration truth, int posts) {
            Random random = new Random(5);
            double[][] answers = new double[posts][];
            int[] levels = new int[posts];
            for (int i = 0; i < posts; i++) {
                answers[i] = random.doubles(3, -12, 0).toArray();
                double[] odds = truth.probabilities(answers[i]);
                double chance = random.nextDouble();
                levels[i] = chance < odds[0] ? 0 : chance < odds[0] + odds[1] ? 1 : 2;
            }
            return new Sample(answers, levels);
        }

        double expectedError(LevelCalibration calibration) {
            return Calibration.of(
                            levels,
                            Arrays.stream(answers)
                                    .map(calibration::probabilities)
                                    .toArray(double[][]::new))
                    .expectedError();
        }
    }

    @Test
    void findsTheTemperatureAndTheBiasesThatTheLevelsWereDrawnWith() {
        Sample sample = Sample.of(new LevelCalibration(3, List.of(0.0, 1.0, -0.5)), 20_000);

        LevelCalibration fitted = LevelCalibrator.fit(sample.answers(), sample.levels());

        assertThat(fitted.temperature()).isCloseTo(3, within(0.1));
        assertThat(fitted.biases().get(1)).isCloseTo(1, within(0.08));
        assertThat(fitted.biases().get(2)).isCloseTo(-0.5, within(0.08));
        assertThat(sample.expectedError(LevelCalibration.NONE)).isGreaterThan(0.15);
        assertThat(sample.expectedError(fitted)).isLessThan(0.02);
    }

    @Test
    void aHandfulOfRightAnswersMakesNothingCertain() {
        LevelCalibration fitted =
                LevelCalibrator.fit(new double[][] {{-1, -2, -3}, {-3, -1, -2}, {-3, -2, -1}}, new int[] {0, 1, 2});

        assertThat(fitted.probabilities(new double[] {-1, -2, -3})[0]).isBetween(0.6, 0.95);
    }
}
