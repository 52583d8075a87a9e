package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LikesModelTest {
    private static final int[] LOWS = {0, 11, 101, 301, 501, 1001, 2501};
    private static final int[] HIGHS = {10, 100, 300, 500, 1000, 2500, Integer.MAX_VALUE};
    private static final String OVERALL = "overall.ubj";
    private static final double[] SPREAD = {-0.5, -0.25, 0, 0.25, 0.5};
    private static final List<String> FEATURES = List.of("followers", "hour", "month");
    private static final double[] SPLIT = {0.45, 0, 0, 0, 0, 0, 0.55};
    private static final float[] POST = {0.3f, Float.NaN, 3};
    private static final float[] TEXT = {1, -1, 0.5f};

    private final Random random = new Random(4);

    @TempDir
    Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        writeConfig(0.1);
        for (int bucket = 1; bucket <= 7; bucket++) {
            byte[] model = isCatBoost(bucket)
                    ? CbmWriter.write(TreeFixtures.obliviousTrees(random, 6, 10, 3))
                    : TreeFixtures.xgboost(random, 6, 10);
            Files.write(folder.resolve(fileOf(bucket)), model);
        }
        Files.write(folder.resolve(OVERALL), TreeFixtures.xgboost(random, FEATURES.size(), 10));
    }

    private void writeConfig(double tail) throws IOException {
        writeConfig(tail, 0);
    }

    private void writeConfig(double tail, double distanceWeight) throws IOException {
        writeConfig(tail, distanceWeight, 0);
    }

    private void writeConfig(double tail, double distanceWeight, double overallWeight) throws IOException {
        List<LikesConfig.Bucket> buckets = new ArrayList<>();
        for (int bucket = 1; bucket <= 7; bucket++) {
            buckets.add(new LikesConfig.Bucket(LOWS[bucket - 1], HIGHS[bucket - 1], fileOf(bucket), SPREAD));
        }
        new LikesConfig(
                        LikesConfig.FORMAT_VERSION,
                        FEATURES,
                        3,
                        buckets,
                        new LikesConfig.Overall(OVERALL, overallWeight, "followers"),
                        distanceWeight,
                        new LikesConfig.Interval(0.8, tail))
                .write(folder);
    }

    private static boolean isCatBoost(int bucket) {
        return bucket >= 3 && bucket <= 5;
    }

    private static String fileOf(int bucket) {
        return "bucket-%d.%s".formatted(bucket, isCatBoost(bucket) ? "cbm" : "ubj");
    }

    /** Replaces a CatBoost regressor by one that says the same of every post. */
    private void writeConstant(int bucket, double log) throws IOException {
        var tree = new ObliviousTrees.Tree(new int[0], new int[0], new double[] {0}, new double[] {1});
        var constant = new ObliviousTrees(TreeFixtures.names(6), new float[6][0], List.of(tree), log);
        Files.write(folder.resolve(fileOf(bucket)), CbmWriter.write(constant));
    }

    @Test
    void theExpectedLogIsTheMeanOfTheBucketsByProbability() throws IOException {
        writeConstant(3, Math.log1p(150));
        writeConstant(4, Math.log1p(400));
        try (LikesModel model = LikesModel.open(folder)) {
            Estimate estimate = model.estimate(POST, TEXT, new double[] {0, 0, 0.75, 0.25, 0, 0, 0});
            double expected = 0.75 * Math.log1p(150) + 0.25 * Math.log1p(400);
            assertThat(estimate.expectedLog()).isCloseTo(expected, within(1e-12));
            assertThat(estimate.likes()).isEqualTo((int) Math.round(Math.expm1(expected)));
            assertThat(estimate.perBucketLog()[2]).isCloseTo(Math.log1p(150), within(1e-12));
            assertThat(estimate.perBucketLog()[0]).isNaN();
        }
    }

    @Test
    void theLikeliestBucketIsDecidedOnWhenTheErrorWeighsNothing() throws IOException {
        writeConfig(0.1, 0);
        try (LikesModel model = LikesModel.open(folder)) {
            assertThat(model.estimate(POST, TEXT, SPLIT).bucket()).isEqualTo(7);
        }
    }

    @Test
    void theBucketOfTheMeanIsDecidedOnWhenTheErrorWeighsMuch() throws IOException {
        writeConfig(0.1, 50);
        try (LikesModel model = LikesModel.open(folder)) {
            Estimate estimate = model.estimate(POST, TEXT, SPLIT);
            assertThat(estimate.bucket()).isBetween(2, 6);
            assertThat(Math.log1p(estimate.likes())).isCloseTo(estimate.expectedLog(), within(0.05));
        }
    }

    @Test
    void theErrorWeighsByItsSquare() throws IOException {
        writeConstant(3, Math.log1p(150));
        writeConstant(5, Math.log1p(700));
        // The mean is 350 likes: 0.15 above bucket 3 and 0.36 below bucket 5, in log1p(likes).
        double[] probabilities = {0, 0, 0.45, 0, 0.55, 0, 0};
        writeConfig(0.1, 0.6);
        try (LikesModel model = LikesModel.open(folder)) {
            assertThat(model.estimate(POST, TEXT, probabilities).bucket()).isEqualTo(5);
        }
        writeConfig(0.1, 1.5);
        try (LikesModel model = LikesModel.open(folder)) {
            assertThat(model.estimate(POST, TEXT, probabilities).bucket()).isEqualTo(3);
        }
    }

    @Test
    void theNarrowestIntervalHoldsTheLikesToo() throws IOException {
        writeConstant(3, Math.log1p(150));
        writeConstant(5, Math.log1p(990));
        writeConfig(0.5);
        try (LikesModel model = LikesModel.open(folder)) {
            Estimate above = model.estimate(POST, TEXT, new double[] {0, 0, 0.6, 0, 0.4, 0, 0});
            Estimate below = model.estimate(POST, TEXT, new double[] {0, 0, 0.4, 0, 0.6, 0, 0});

            assertThat(above.likes()).isEqualTo(300).isEqualTo(above.high()).isGreaterThan(above.low());
            assertThat(below.likes()).isEqualTo(501).isEqualTo(below.low()).isLessThan(below.high());
        }
    }

    @Test
    void theIntervalRunsBetweenTwoQuantilesOfTheMixture() throws IOException {
        writeConstant(3, Math.log1p(150));
        writeConstant(5, Math.log1p(700));
        writeConfig(0.1);
        try (LikesModel model = LikesModel.open(folder)) {
            // Ten atoms of 0.1 each: five about 150, held to at most 300, five about 700, held to 501 to 1000.
            Estimate estimate = model.estimate(POST, TEXT, new double[] {0, 0, 0.5, 0, 0.5, 0, 0});
            assertThat(estimate.bucket()).isEqualTo(3);
            assertThat(estimate.low()).isEqualTo(101);
            assertThat(estimate.high()).isEqualTo((int) Math.round(Math.expm1(Math.log1p(700) + 0.25)));
            assertThat(estimate.likes()).isEqualTo(300);
        }
    }

    @Test
    void theEstimateLiesInTheBucketAndInTheInterval() {
        try (LikesModel model = LikesModel.open(folder)) {
            for (int i = 0; i < 200; i++) {
                double[] probabilities = random.doubles(7, 0.1, 1).toArray();
                double sum = Arrays.stream(probabilities).sum();
                Arrays.setAll(probabilities, b -> probabilities[b] / sum);
                float[] post = {(float) random.nextGaussian(), random.nextInt(24), 3};
                Estimate estimate = model.estimate(post, TEXT, probabilities);
                int bucket = estimate.bucket();
                assertThat(estimate.likes()).isBetween(LOWS[bucket - 1], HIGHS[bucket - 1]);
                assertThat(estimate.low()).isNotNegative().isLessThanOrEqualTo(estimate.likes());
                assertThat(estimate.high()).isGreaterThanOrEqualTo(estimate.likes());
                for (int b = 0; b < 7; b++) {
                    assertThat(estimate.perBucketLog()[b]).isBetween(Math.log1p(LOWS[b]), Math.log1p(HIGHS[b]));
                }
            }
        }
    }

    @Test
    void theConformityScoreIsTheLargestTailThatStillHoldsTheLikes() throws IOException {
        writeConstant(3, Math.log1p(200));
        double[] certain = {0, 0, 1, 0, 0, 0, 0};
        try (LikesModel model = LikesModel.open(folder)) {
            // Five atoms of 0.2 each; 156 is the second.
            int second = (int) Math.round(Math.expm1(Math.log1p(200) - 0.25));
            assertThat(model.conformity(POST, TEXT, certain, second)).isCloseTo(0.4, within(1e-6));
            assertThat(model.conformity(POST, TEXT, certain, 200)).isCloseTo(0.5, within(1e-6));
            assertThat(model.conformity(POST, TEXT, certain, 5000)).isNegative();
        }
    }

    @Test
    void theOverallRegressorHasItsShareOfTheExpectedLog() throws IOException {
        writeConstant(3, Math.log1p(200));
        writeConfig(0.1, 0, 0.25);
        double[] certain = {0, 0, 1, 0, 0, 0, 0};
        try (LikesModel model = LikesModel.open(folder)) {
            Estimate estimate = model.estimate(POST, TEXT, certain);

            double says = Math.max(0, overall());
            assertThat(estimate.expectedLog()).isCloseTo(0.75 * Math.log1p(200) + 0.25 * says, within(1e-6));
            assertThat(estimate.likes()).isBetween(101, 300);
        }
    }

    @Test
    void withoutWhatItNeedsTheOverallRegressorIsNotAsked() throws IOException {
        writeConstant(3, Math.log1p(200));
        writeConfig(0.1, 0, 0.25);
        float[] unknown = {Float.NaN, 8, 3};
        double[] certain = {0, 0, 1, 0, 0, 0, 0};
        try (LikesModel model = LikesModel.open(folder)) {
            assertThat(model.estimate(unknown, TEXT, certain).expectedLog()).isCloseTo(Math.log1p(200), within(1e-12));
            Contributions contributions = model.explain(unknown, TEXT, certain);
            assertThat(Arrays.stream(contributions.values()).sum() + contributions.expected())
                    .isCloseTo(Math.log1p(200), within(1e-6));
        }
    }

    private double overall() {
        try (TreeModel regressor = TreeModel.open(folder.resolve(OVERALL))) {
            return regressor.predict(POST);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25, 1})
    void contributionsAddUpToTheWeightedRegressors(double share) throws IOException {
        writeConfig(0.1, 0, share);
        double[] probabilities = {0.1, 0.2, 0.3, 0.2, 0.1, 0.1, 0};
        try (LikesModel model = LikesModel.open(folder)) {
            Contributions contributions = model.explain(POST, TEXT, probabilities);
            assertThat(contributions.names()).containsExactly("followers", "hour", "month", "text");
            double expected = share * overall();
            for (int bucket = 1; bucket <= 6; bucket++) {
                try (TreeModel regressor = TreeModel.open(folder.resolve(fileOf(bucket)))) {
                    expected += (1 - share)
                            * probabilities[bucket - 1]
                            * regressor.predict(new float[] {POST[0], POST[1], POST[2], TEXT[0], TEXT[1], TEXT[2]});
                }
            }
            double sum = Arrays.stream(contributions.values()).sum() + contributions.expected();
            assertThat(sum).isCloseTo(expected, within(1e-4));
        }
    }

    @Test
    void featuresOtherThanTheTrainedOnesAreRefused() {
        try (LikesModel model = LikesModel.open(folder)) {
            model.requireFeatures(FEATURES, 3);
            assertThatThrownBy(() -> model.requireFeatures(List.of("hour", "followers", "month"), 3))
                    .isInstanceOf(TreeModelException.class)
                    .hasMessage("The likes model was trained on the features [followers, hour, month],"
                            + " this program computes [hour, followers, month].");
            assertThatThrownBy(() -> model.requireFeatures(FEATURES, 4))
                    .isInstanceOf(TreeModelException.class)
                    .hasMessage("The likes model was trained on embeddings of 3 values, the classifier gives 4.");
        }
    }

    @Test
    void aMissingRegressorIsRefusedByName() throws IOException {
        Files.delete(folder.resolve("bucket-4.cbm"));
        assertThatThrownBy(() -> LikesModel.open(folder))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model %s cannot be read.".formatted(folder.resolve("bucket-4.cbm")));
    }

    @Test
    void anOverallRegressorOfAnotherWidthIsRefused() throws IOException {
        Files.write(folder.resolve(OVERALL), TreeFixtures.xgboost(random, 6, 2));
        assertThatThrownBy(() -> LikesModel.open(folder))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model %s takes 6 values, there must be 3.".formatted(folder.resolve(OVERALL)));
    }

    @Test
    void aRegressorOfAnotherWidthIsRefused() throws IOException {
        Files.write(folder.resolve("bucket-2.ubj"), TreeFixtures.xgboost(random, 4, 2));
        assertThatThrownBy(() -> LikesModel.open(folder))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model %s takes 4 values, there must be 6.".formatted(folder.resolve("bucket-2.ubj")));
    }

    @Test
    void aConfigurationThatIsMissingOrDamagedIsRefused() throws IOException {
        Path config = folder.resolve("config.json");
        String whole = Files.readString(config);
        refuses(whole.replace("\"formatVersion\" : 2", "\"formatVersion\" : 9"), "has format version 9");
        refuses(whole.replace("\"low\" : 101", "\"low\" : 102"), "leave a gap at 101 likes");
        refuses(whole.replace("bucket-1.ubj", "../bucket-1.ubj"), "is not in its folder");
        refuses(whole.replace("\"overall.ubj\"", "\"../overall.ubj\""), "is not in its folder");
        refuses(whole.replace("\"needs\" : \"followers\"", "\"needs\" : \"moon\""), "has no feature moon");
        refuses(whole.replace("\"weight\" : 0.0", "\"weight\" : 1.5"), "must weigh 0 to 1");
        refuses(whole.replace("\"tail\" : 0.1", "\"tail\" : 0.7"), "must leave out 0 to 0.5");
        refuses(whole.replaceFirst("\"distanceWeight\" : [0-9.]+", "\"distanceWeight\" : -1"), "must not be negative");
        refuses(whole.replaceFirst("(\"features\" : \\[ )(\"\\w+\")", "$1$2, $2"), "names a feature twice");
        refuses(whole.replaceFirst("\"high\" : 2147483647", "\"high\" : 5000"), "must end at 2147483647 likes");
        refuses(whole.replace("\"embeddingSize\" : 3,", ""), "embeddingSize");
        refuses(whole.substring(0, whole.length() / 2), "is damaged");
        Files.delete(config);
        assertThatThrownBy(() -> LikesModel.open(folder))
                .hasMessage("Likes model %s has no config.json.".formatted(folder));
    }

    private void refuses(String config, String message) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        assertThatThrownBy(() -> LikesModel.open(folder))
                .isInstanceOf(TreeModelException.class)
                .hasMessageContaining(message);
    }

    @Test
    void probabilitiesThatSayNothingAreRefused() {
        try (LikesModel model = LikesModel.open(folder)) {
            assertThatThrownBy(() -> model.estimate(POST, TEXT, new double[7]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The probabilities must add up to 1.");
        }
    }
}
