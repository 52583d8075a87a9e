package dev.plaudit.training.likes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.trees.CatBoostModel;
import dev.plaudit.trees.CbmReader;
import dev.plaudit.trees.ObliviousTrees;
import dev.plaudit.trees.TreeModel;
import dev.plaudit.trees.XgboostModel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TreesTrainerTest {
    private static final int FEATURES = 6;
    private static final BoostingOptions OPTIONS = new BoostingOptions(400, 4, 0.1, 1, 0.8, 0.8, 20, 9);
    private static final List<String> NAMES =
            IntStream.range(0, FEATURES).mapToObj(i -> "feature_" + i).toList();

    private final RegressionRows rows = rows(1, 1500);
    private final RegressionRows validation = rows(2, 500);

    static List<TreesTrainer> trainers() {
        return List.of(new XgboostTrainer(OPTIONS, NAMES), new ObliviousTreesTrainer(OPTIONS, NAMES));
    }

    /** y = 2·x₀ + sin 3x₁, and 3 more where x₂ is missing; noise of standard deviation 0.3. */
    private static RegressionRows rows(long seed, int n) {
        Random random = new Random(seed);
        float[][] values = new float[n][FEATURES];
        double[] targets = new double[n];
        for (int i = 0; i < n; i++) {
            for (int feature = 0; feature < FEATURES; feature++) {
                values[i][feature] = (float) random.nextGaussian();
            }
            if (random.nextInt(5) == 0) {
                values[i][2] = Float.NaN;
            }
            targets[i] = 2 * values[i][0]
                    + Math.sin(3 * values[i][1])
                    + (Float.isNaN(values[i][2]) ? 3 : 0)
                    + 0.3 * random.nextGaussian();
        }
        return new RegressionRows(values, targets);
    }

    private static TreeModel open(TreesTrainer trainer, byte[] model) {
        return switch (trainer) {
            case XgboostTrainer xgboost -> XgboostModel.of(model);
            case ObliviousTreesTrainer oblivious -> CatBoostModel.of(model);
        };
    }

    private static double rmse(TreesTrainer trainer, byte[] bytes, RegressionRows rows) {
        try (TreeModel model = open(trainer, bytes)) {
            double[] predictions = model.predict(rows.values());
            return Math.sqrt(IntStream.range(0, rows.size())
                    .mapToDouble(i -> Math.pow(predictions[i] - rows.targets()[i], 2))
                    .average()
                    .orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void learnsCurvesAndWhatAMissingValueMeans(TreesTrainer trainer) {
        byte[] model = trainer.train(rows, trainer.bestTreeCount(rows, validation));
        assertThat(rmse(trainer, model, rows(3, 500))).isLessThan(0.55);
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void theSameSeedGivesTheSameBytes(TreesTrainer trainer) {
        assertThat(trainer.train(rows, 30)).isEqualTo(trainer.train(rows, 30));
        assertThat(trainer.bestTreeCount(rows, validation)).isEqualTo(trainer.bestTreeCount(rows, validation));
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void stopsWhereTheValidationErrorIsLowest(TreesTrainer trainer) {
        int best = trainer.bestTreeCount(rows, validation);
        assertThat(best).isBetween(20, OPTIONS.maxTrees());
        double lowest = rmse(trainer, trainer.train(rows, best), validation);
        assertThat(rmse(trainer, trainer.train(rows, best / 2), validation)).isGreaterThanOrEqualTo(lowest);
        assertThat(rmse(trainer, trainer.train(rows, best + OPTIONS.patience()), validation))
                .isGreaterThanOrEqualTo(lowest);
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void contributionsOfATrainedModelAddUpAndFavourWhatMatters(TreesTrainer trainer) {
        try (TreeModel model = open(trainer, trainer.train(rows, 100))) {
            double[] importance = new double[FEATURES];
            for (float[] row : validation.values()) {
                double[] contributions = model.contributions(row);
                assertThat(Arrays.stream(contributions).sum()).isCloseTo(model.predict(row), within(1e-4));
                Arrays.setAll(importance, i -> importance[i] + Math.abs(contributions[i]));
            }
            assertThat(Arrays.stream(importance, 0, 3).min().getAsDouble())
                    .isGreaterThan(
                            5 * Arrays.stream(importance, 3, FEATURES).max().getAsDouble());
        }
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void aConstantTargetIsPredictedAsItIs(TreesTrainer trainer) {
        double[] targets = new double[rows.size()];
        Arrays.fill(targets, 4.25);
        byte[] model = trainer.train(new RegressionRows(rows.values(), targets), 3);
        try (TreeModel constant = open(trainer, model)) {
            assertThat(constant.predict(new float[FEATURES])).isCloseTo(4.25, within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void aSingleRowIsEnough(TreesTrainer trainer) {
        byte[] model = trainer.train(new RegressionRows(new float[][] {new float[FEATURES]}, new double[] {7}), 1);
        try (TreeModel single = open(trainer, model)) {
            assertThat(single.predict(new float[FEATURES])).isCloseTo(7, within(1e-6));
        }
    }

    @Test
    void catBoostsRuntimeScoresOurTreesAsWeDo() {
        ObliviousTreesTrainer trainer = new ObliviousTreesTrainer(OPTIONS, NAMES);
        ObliviousTrees trees = trainer.grow(rows, 80);
        float[][] awkward = validation.values().clone();
        Random random = new Random(6);
        for (float[] row : awkward) {
            int feature = random.nextInt(FEATURES);
            float[] borders = trees.borders()[feature];
            row[feature] = switch (random.nextInt(4)) {
                case 0 -> Float.NaN;
                case 1 -> Float.POSITIVE_INFINITY;
                case 2 -> Float.NEGATIVE_INFINITY;
                default -> borders[random.nextInt(borders.length)];
            };
        }
        byte[] cbm = trainer.train(rows, 80);
        assertThat(CbmReader.read(cbm).featureNames()).isEqualTo(NAMES);
        try (CatBoostModel runtime = CatBoostModel.of(cbm)) {
            double[] scores = runtime.predict(awkward);
            for (int i = 0; i < awkward.length; i++) {
                assertThat(scores[i]).isCloseTo(trees.predict(awkward[i]), within(1e-6));
            }
        }
    }
}
