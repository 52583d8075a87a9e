package dev.plaudit.training.likes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.trees.Estimate;
import dev.plaudit.trees.LikesModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikesTrainerTest {
    private static final List<String> FEATURES = List.of("typical_likes", "hour");
    private static final BoostingOptions BOOSTING = new BoostingOptions(100, 4, 0.1, 1, 1, 1, 10, 5);
    private static final LikesTrainer TRAINER = new LikesTrainer(BOOSTING, BOOSTING, "typical_likes", 0.8, 0.1);

    @TempDir
    Path folder;

    /** Likes scatter by a factor of about e^0.6 around what the account usually gets; the classifier knows as much. */
    private static LikesRows posts(long seed, int n) {
        Random random = new Random(seed);
        float[][] features = new float[n][];
        float[][] embeddings = new float[n][];
        double[][] probabilities = new double[n][];
        int[] likes = new int[n];
        for (int i = 0; i < n; i++) {
            double typical = random.nextDouble() * 10;
            features[i] = new float[] {random.nextInt(10) == 0 ? Float.NaN : (float) typical, random.nextInt(24)};
            embeddings[i] = new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()};
            likes[i] = likes(typical, random);
            probabilities[i] = new double[LikeBucket.COUNT];
            for (int draw = 0; draw < 200; draw++) {
                probabilities[i][LikeBucket.ofLikes(likes(typical, random)).ordinal()] += 1 / 200.0;
            }
        }
        return new LikesRows(features, embeddings, probabilities, likes);
    }

    private static int likes(double typical, Random random) {
        return (int) Math.max(0, Math.round(Math.expm1(typical + 0.6 * random.nextGaussian())));
    }

    @Test
    void theTrainedFolderEstimatesWhatItWasTrainedOn() throws Exception {
        LikesRows unseen = posts(3, 800);
        List<String> stages = new ArrayList<>();
        LikesMetrics metrics =
                TRAINER.train(posts(1, 2500), posts(2, 800), FEATURES, folder, (stage, fraction, detail) -> {
                    assertThat(fraction).isBetween(0.0, 1.0);
                    stages.add(stage);
                });
        assertThat(stages).contains("Training the regressors", "Calibrating");
        assertThat(metrics.interval().coverage()).isCloseTo(0.8, within(0.02));
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve(LikesTrainer.METRICS_FILE).toFile())
                        .get("rmseLog")
                        .asDouble())
                .isEqualTo(metrics.rmseLog());
        try (LikesModel model = LikesModel.open(folder)) {
            model.requireFeatures(FEATURES, 2);
            int covered = 0;
            double squared = 0;
            for (int i = 0; i < unseen.size(); i++) {
                Estimate estimate =
                        model.estimate(unseen.features()[i], unseen.embeddings()[i], unseen.probabilities()[i]);
                int likes = unseen.likes()[i];
                covered += estimate.low() <= likes && likes <= estimate.high() ? 1 : 0;
                squared += Math.pow(estimate.expectedLog() - Math.log1p(likes), 2);
            }
            assertThat(covered / 800.0).isBetween(0.75, 0.85);
            assertThat(Math.sqrt(squared / 800)).isLessThan(0.68);
        }
    }

    @Test
    void theOverallRegressorCountsTheMoreTheLessTheClassifierKnows(@TempDir Path clueless) throws Exception {
        LikesRows known = posts(1, 1500);
        double[][] guesses = new double[known.size()][LikeBucket.COUNT];
        for (double[] guess : guesses) {
            Arrays.fill(guess, 1.0 / LikeBucket.COUNT);
        }
        LikesRows guessed = new LikesRows(known.features(), known.embeddings(), guesses, known.likes());

        TRAINER.train(known, known, FEATURES, folder, (stage, fraction, detail) -> {});
        TRAINER.train(guessed, guessed, FEATURES, clueless, (stage, fraction, detail) -> {});

        assertThat(overallWeight(clueless)).isGreaterThan(0.9).isGreaterThan(overallWeight(folder));
    }

    private static double overallWeight(Path folder) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("config.json").toFile())
                .at("/overall/weight")
                .asDouble();
    }

    @Test
    void theFolderHoldsAModelPerBucketOfTheKindThatTheBucketHas() throws Exception {
        TRAINER.train(posts(1, 600), posts(2, 200), FEATURES, folder, (stage, fraction, detail) -> {});
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "metrics.json",
                            "bucket-1.ubj",
                            "bucket-2.ubj",
                            "bucket-3.cbm",
                            "bucket-4.cbm",
                            "bucket-5.cbm",
                            "bucket-6.ubj",
                            "bucket-7.ubj",
                            "overall.ubj");
        }
    }

    /** A fifth post is the least conforming of five with a chance of one in five: so much may the interval leave out. */
    @Test
    void ofFourPostsTheLeastConformingSaysHowFarTheIntervalReaches() throws Exception {
        LikesRows four = posts(2, 4);
        TRAINER.train(posts(1, 600), four, FEATURES, folder, (stage, fraction, detail) -> {});
        try (LikesModel model = LikesModel.open(folder)) {
            double least = IntStream.range(0, 4)
                    .mapToDouble(i -> model.conformity(
                            four.features()[i], four.embeddings()[i], four.probabilities()[i], four.likes()[i]))
                    .min()
                    .orElseThrow();
            assertThat(new ObjectMapper()
                            .readTree(folder.resolve("config.json").toFile())
                            .at("/interval/tail")
                            .asDouble())
                    .isPositive()
                    .isEqualTo(least);
        }
    }

    @Test
    void theSameSeedGivesTheSameFolder(@TempDir Path again) throws Exception {
        LikesRows training = posts(1, 600);
        LikesRows calibration = posts(2, 200);
        TRAINER.train(training, calibration, FEATURES, folder, (stage, fraction, detail) -> {});
        TRAINER.train(training, calibration, FEATURES, again, (stage, fraction, detail) -> {});
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void postsThatDoNotSufficeAreRefusedBeforeAnythingIsWritten() {
        LikesRows some = posts(1, 600);
        LikesRows low = new LikesRows(new float[9][2], new float[9][2], new double[9][LikeBucket.COUNT], new int[9]);
        LikesRows none = new LikesRows(new float[0][], new float[0][], new double[0][], new int[0]);

        assertRefused(low, some, "Among the training posts none has 11 to 100 likes.");
        assertRefused(none, some, "Among the training posts none has 0 to 10 likes.");
        assertRefused(some, none, "There is no post to calibrate by.");
        assertThat(folder).isEmptyDirectory();
    }

    private void assertRefused(LikesRows training, LikesRows calibration, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TRAINER.train(training, calibration, FEATURES, folder, (stage, fraction, detail) -> {}))
                .withMessage(message);
    }
}
