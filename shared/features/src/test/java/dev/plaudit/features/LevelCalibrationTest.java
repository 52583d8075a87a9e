package dev.plaudit.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.InvalidFieldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelCalibrationTest {
    private static final double[] LOGS = {Math.log(0.5), Math.log(0.2), Math.log(0.05)};

    @TempDir
    Path folder;

    @Test
    void withoutCalibrationTheAnswersShareTheirOwnProbability() {
        assertThat(LevelCalibration.NONE.probabilities(LOGS))
                .containsExactly(new double[] {0.5 / 0.75, 0.2 / 0.75, 0.05 / 0.75}, within(1e-12));
    }

    @Test
    void aTemperatureTakesTheRootAndABiasIsAFactor() {
        double[] weights = {Math.sqrt(0.5), 3 * Math.sqrt(0.2), Math.sqrt(0.05)};
        double sum = weights[0] + weights[1] + weights[2];

        assertThat(new LevelCalibration(2, List.of(0.0, Math.log(3), 0.0)).probabilities(LOGS))
                .containsExactly(new double[] {weights[0] / sum, weights[1] / sum, weights[2] / sum}, within(1e-12));
    }

    @Test
    void answersThatAreAllButImpossibleStillHaveProbabilities() {
        assertThat(LevelCalibration.NONE.probabilities(new double[] {-2000, -2001, Double.NEGATIVE_INFINITY}))
                .containsExactly(new double[] {1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1)), 0}, within(1e-12));
    }

    @Test
    void comesBackFromItsFolder() throws IOException {
        LevelCalibration calibration = new LevelCalibration(1.75, List.of(0.0, -0.5, 0.25));
        calibration.write(folder);

        assertThat(LevelCalibration.in(folder)).isEqualTo(calibration);
        assertThat(LevelCalibration.in(folder.resolve("other"))).isEqualTo(LevelCalibration.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"temperature\": 0, \"biases\": [0, 0, 0]}    | temperature: must be a number above 0",
                "{\"temperature\": 1, \"biases\": [0, 0]}       | biases: must be a number for each of low, medium and high",
                "{\"temperature\": 1, \"biases\": [0, null, 0]} | biases: must be a number for each of low, medium and high",
                "{\"temperature\": 1}                             | biases: must be a number for each of low, medium and high",
                "{                                                  | (line 1",
            })
    void aDamagedFileIsNamed(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve(LevelCalibration.FILE), json);

        assertThatThrownBy(() -> LevelCalibration.in(folder))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }
}
