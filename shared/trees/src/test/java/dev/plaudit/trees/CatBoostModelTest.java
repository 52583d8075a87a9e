package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatBoostModelTest {
    private final Random random = new Random(11);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, 8})
    void catBoostsRuntimeAgreesWithTheTreesOnMissingInfiniteAndBorderValues(int depth) {
        ObliviousTrees trees = TreeFixtures.obliviousTrees(random, 9, 40, depth);
        float[][] rows = TreeFixtures.rows(random, trees, 500);
        try (CatBoostModel model = CatBoostModel.of(CbmWriter.write(trees))) {
            double[] batch = model.predict(rows);
            for (int i = 0; i < rows.length; i++) {
                assertThat(model.predict(rows[i])).isCloseTo(trees.predict(rows[i]), within(1e-9));
                assertThat(batch[i]).isCloseTo(trees.predict(rows[i]), within(1e-9));
            }
        }
    }

    @Test
    void contributionsAddUpToThePrediction() {
        ObliviousTrees trees = TreeFixtures.obliviousTrees(random, 12, 60, 6);
        try (CatBoostModel model = CatBoostModel.of(CbmWriter.write(trees))) {
            for (float[] row : TreeFixtures.rows(random, trees, 100)) {
                double[] contributions = model.contributions(row);
                assertThat(contributions).hasSize(13);
                assertThat(Arrays.stream(contributions).sum()).isCloseTo(model.predict(row), within(1e-9));
            }
        }
    }

    @Test
    void noRowsGiveNoPredictions() {
        try (CatBoostModel model = CatBoostModel.of(CbmWriter.write(TreeFixtures.obliviousTrees(random, 2, 1, 1)))) {
            assertThat(model.predict(new float[0][])).isEmpty();
        }
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        try (CatBoostModel model = CatBoostModel.of(CbmWriter.write(TreeFixtures.obliviousTrees(random, 3, 1, 1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.predict(new float[2]))
                    .withMessage("A row must have 3 values, has 2.");
        }
    }
}
