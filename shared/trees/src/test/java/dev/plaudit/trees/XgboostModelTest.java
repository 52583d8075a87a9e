package dev.plaudit.trees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XgboostModelTest {
    private final Random random = new Random(2);
    private final XgboostModel model = XgboostModel.of(TreeFixtures.xgboost(random, 5, 30));
    private final float[][] rows = rows();

    @AfterEach
    void close() {
        model.close();
    }

    private float[][] rows() {
        float[][] rows = new float[200][5];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(5) == 0 ? Float.NaN : (float) random.nextGaussian();
            }
        }
        rows[0][0] = Float.POSITIVE_INFINITY;
        rows[1][0] = Float.NEGATIVE_INFINITY;
        return rows;
    }

    @Test
    void predictsABatchAsItPredictsEachRow() {
        double[] one = Arrays.stream(rows).mapToDouble(model::predict).toArray();
        assertThat(model.predict(rows)).containsExactly(one);
        assertThat(model.predict(new float[0][])).isEmpty();
    }

    @Test
    void contributionsAddUpToThePrediction() {
        for (float[] row : rows) {
            double[] contributions = model.contributions(row);
            assertThat(contributions).hasSize(6);
            assertThat(Arrays.stream(contributions).sum()).isCloseTo(model.predict(row), within(1e-4));
        }
    }

    @Test
    void refusesAModelThatClaimsMoreFeaturesThanMemoryHolds() {
        String model = new String(TreeFixtures.xgboost(random, 5, 1), ISO_8859_1);
        String claim = "num_featureSL\0\0\0\0\0\0\0";
        byte[] bomb = model.replace(claim + "\0015", claim + "\n2147483647").getBytes(ISO_8859_1);
        assertThatThrownBy(() -> XgboostModel.of(bomb))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory claims to have 2,147,483,647 features.");
    }

    @Test
    void infinitiesCountAsTheLargestFloats() {
        float[] infinite = {Float.POSITIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, 0, 0};
        float[] largest = {Float.MAX_VALUE, 0, -Float.MAX_VALUE, 0, 0};
        assertThat(model.predict(infinite)).isEqualTo(model.predict(largest));
    }

    @Test
    void manyThreadsGetTheSameNumbersAsOne() {
        double[] expected = model.predict(rows);
        double[] explained = model.contributions(rows[7]);
        IntStream.range(0, 4000).parallel().forEach(i -> {
            int row = i % rows.length;
            assertThat(model.predict(rows[row])).isEqualTo(expected[row]);
            if (row == 7) {
                assertThat(model.contributions(rows[row])).containsExactly(explained);
            }
        });
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(new float[4]))
                .withMessage("A row must have 5 values, has 4.");
    }

    @Test
    void damagedModelsAreRefused() {
        byte[] whole = TreeFixtures.xgboost(random, 5, 3);
        assertThatThrownBy(() -> XgboostModel.of(Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory is no whole file in universal binary JSON.");
        assertThatThrownBy(() -> XgboostModel.of("{}".getBytes(UTF_8)))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory is damaged: XGBoost cannot load it.");
    }

    @Test
    void modelsThatPredictAnythingButTheSumOfTheirTreesAreRefused() {
        byte[] exponential = TreeFixtures.xgboost(random, 5, 3, Map.of("objective", "survival:cox"));
        assertThatThrownBy(() -> XgboostModel.of(exponential))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory predicts something else than the sum of its trees.");

        byte[] quantiles = TreeFixtures.xgboost(
                random, 5, 3, Map.of("objective", "reg:quantileerror", "quantile_alpha", "[0.1, 0.9]"));
        assertThatThrownBy(() -> XgboostModel.of(quantiles))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory predicts several values, a regressor predicts one.");
    }

    @Test
    void filesAreOpenedByTheirExtension() {
        assertThatThrownBy(() -> TreeModel.open(Path.of("model.pkl")))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model model.pkl is neither .ubj (XGBoost) nor .cbm (CatBoost).");
        assertThatThrownBy(() -> TreeModel.open(Path.of("absent.ubj")))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model absent.ubj cannot be read.");
    }
}
