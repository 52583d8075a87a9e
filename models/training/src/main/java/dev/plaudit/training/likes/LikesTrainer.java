package dev.plaudit.training.likes;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.training.Progress;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.trees.Estimate;
import dev.plaudit.trees.LikesConfig;
import dev.plaudit.trees.LikesModel;
import dev.plaudit.trees.TreeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains the eight regressors, calibrates the prediction interval, and writes a {@link LikesModel} folder: buckets 3, 4 and 5
 * as CatBoost models, the others as XGBoost models.
 *
 * @param perBucket how the trees of each bucket's regressor are boosted
 * @param overall how those of the regressor are that knows the posts of all buckets
 * @param overallNeeds the feature without which that regressor is not asked
 * @param coverage the share of posts whose likes the interval is to hold, above 0 and below 1
 * @param distanceWeight see {@link LikesConfig#distanceWeight()}
 */
public record LikesTrainer(
        BoostingOptions perBucket,
        BoostingOptions overall,
        String overallNeeds,
        double coverage,
        double distanceWeight) {
    /** The file with the metrics on the calibration posts. */
    public static final String METRICS_FILE = "metrics.json";

    private static final int RESIDUALS = 41;
    private static final int HELD_OUT = 8;

    public LikesTrainer {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException("The coverage must lie between 0 and 1.");
        }
    }

    /** What the calibration posts decide on: the overall regressor's weight, and the tail left out by the interval. */
    private record Calibrated(double weight, double tail) {}

    /**
     * Trains on one set of posts and calibrates on another. Within the first, one post in eight is held out to find how many
     * trees do best; then all of it is used.
     *
     * @param featureNames names of the numeric features, in their order
     * @param folder where the model is written; made when missing
     * @return the metrics on the calibration posts, also written to {@value #METRICS_FILE}; its interval coverage is what was
     *     asked for by construction
     * @throws IllegalArgumentException when a bucket has no post to train on, or there is none to calibrate by; nothing is
     *     written then
     * @throws IOException when the folder cannot be written
     */
    public LikesMetrics train(
            LikesRows training, LikesRows calibration, List<String> featureNames, Path folder, Progress progress)
            throws IOException {
        requireEnough(training, calibration);
        Files.createDirectories(folder);
        int embeddingSize = training.embeddings()[0].length;
        List<LikesConfig.Bucket> buckets = new ArrayList<>();
        for (LikeBucket bucket : LikeBucket.values()) {
            buckets.add(regressor(bucket, training, calibration, names(featureNames, embeddingSize), folder, progress));
        }
        String overallFile = overallRegressor(training, featureNames, folder, progress);
        progress.update("Calibrating", 0, "");
        Calibrated bucketsAlone = new Calibrated(0, (1 - coverage) / 2);
        write(featureNames, embeddingSize, buckets, overallFile, bucketsAlone, folder);
        Calibrated weighted = new Calibrated(weight(calibration, folder, overallFile), bucketsAlone.tail);
        write(featureNames, embeddingSize, buckets, overallFile, weighted, folder);
        Calibrated whole = new Calibrated(weighted.weight, tail(calibration, folder));
        write(featureNames, embeddingSize, buckets, overallFile, whole, folder);
        LikesMetrics metrics = measure(calibration, folder);
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValue(folder.resolve(METRICS_FILE).toFile(), metrics);
        progress.update("Calibrating", 1, "RMSE of log1p(likes) %.3f".formatted(metrics.rmseLog()));
        return metrics;
    }

    private static void requireEnough(LikesRows training, LikesRows calibration) {
        for (LikeBucket bucket : LikeBucket.values()) {
            if (members(training, bucket).length == 0) {
                throw new IllegalArgumentException(
                        "Among the training posts none has %d to %d likes.".formatted(bucket.low(), bucket.high()));
            }
        }
        if (calibration.size() == 0) {
            throw new IllegalArgumentException("There is no post to calibrate by.");
        }
    }

    private LikesConfig.Bucket regressor(
            LikeBucket bucket,
            LikesRows training,
            LikesRows calibration,
            List<String> names,
            Path folder,
            Progress progress)
            throws IOException {
        TreesTrainer trainer =
                switch (bucket) {
                    case UP_TO_300, UP_TO_500, UP_TO_1000 -> new ObliviousTreesTrainer(perBucket, names);
                    default -> new XgboostTrainer(perBucket, names);
                };
        int[] members = members(training, bucket);
        progress.update(
                "Training the regressors",
                bucket.ordinal() / (double) LikeBucket.COUNT,
                "bucket %d, %d posts".formatted(bucket.number(), members.length));
        RegressionRows rows = rows(training, members);
        byte[] model = trainer.train(rows, treeCount(trainer, rows));
        Path file = folder.resolve("bucket-%d.%s".formatted(bucket.number(), trainer.fileExtension()));
        Files.write(file, model);
        int[] unseen = members(calibration, bucket);
        double[] residuals = unseen.length > 0 ? residuals(file, rows(calibration, unseen)) : residuals(file, rows);
        return new LikesConfig.Bucket(
                bucket.low(), bucket.high(), file.getFileName().toString(), residuals);
    }

    /** Trains the regressor that knows the posts of all buckets; returns its file's name. */
    private String overallRegressor(LikesRows training, List<String> featureNames, Path folder, Progress progress)
            throws IOException {
        progress.update("Training the regressors", 1, "all buckets, %d posts".formatted(training.size()));
        TreesTrainer trainer = new XgboostTrainer(overall, featureNames);
        double[] targets =
                Arrays.stream(training.likes()).mapToDouble(Math::log1p).toArray();
        RegressionRows rows = new RegressionRows(training.features(), targets);
        byte[] model = trainer.train(rows, treeCount(trainer, rows));
        String file = "overall." + trainer.fileExtension();
        Files.write(folder.resolve(file), model);
        return file;
    }

    private int treeCount(TreesTrainer trainer, RegressionRows rows) {
        int held = rows.size() / HELD_OUT;
        if (held == 0) {
            return 1;
        }
        int[] shuffled = shuffled(rows.size());
        return trainer.bestTreeCount(
                rows.only(Arrays.copyOfRange(shuffled, held, shuffled.length)),
                rows.only(Arrays.copyOf(shuffled, held)));
    }

    private int[] shuffled(int size) {
        int[] shuffled = IntStream.range(0, size).toArray();
        SplittableRandom random = new SplittableRandom(perBucket.seed());
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }

    private static int[] members(LikesRows posts, LikeBucket bucket) {
        return IntStream.range(0, posts.size())
                .filter(i -> LikeBucket.ofLikes(posts.likes()[i]) == bucket)
                .toArray();
    }

    private static RegressionRows rows(LikesRows posts, int[] members) {
        return new RegressionRows(
                Arrays.stream(members).mapToObj(posts::row).toArray(float[][]::new),
                Arrays.stream(members)
                        .mapToDouble(i -> Math.log1p(posts.likes()[i]))
                        .toArray());
    }

    private static double[] residuals(Path file, RegressionRows rows) {
        try (TreeModel regressor = TreeModel.open(file)) {
            double[] sorted = regressor.predict(rows.values());
            Arrays.setAll(sorted, i -> rows.targets()[i] - sorted[i]);
            Arrays.sort(sorted);
            double[] quantiles = new double[Math.min(RESIDUALS, sorted.length)];
            Arrays.setAll(quantiles, i -> sorted[(int) ((i + 0.5) * sorted.length / quantiles.length)]);
            return quantiles;
        }
    }

    /**
     * The weight at which the squared error of the expected log1p(likes) is least: with the buckets' answer m, the overall
     * regressor's o and the truth y, the least-squares slope of y - m on o - m, held to 0 to 1.
     */
    private static double weight(LikesRows posts, Path folder, String overallFile) {
        try (LikesModel bucketsAlone = LikesModel.open(folder);
                TreeModel regressor = TreeModel.open(folder.resolve(overallFile))) {
            double[] says = regressor.predict(posts.features());
            double squares = 0;
            double products = 0;
            for (int i = 0; i < says.length; i++) {
                double buckets = bucketsAlone
                        .estimate(posts.features()[i], posts.embeddings()[i], posts.probabilities()[i])
                        .expectedLog();
                squares += (says[i] - buckets) * (says[i] - buckets);
                products += (Math.log1p(posts.likes()[i]) - buckets) * (says[i] - buckets);
            }
            return squares == 0 ? 0 : Math.clamp(products / squares, 0, 1);
        }
    }

    /** Split conformal: the k-th smallest score, k = ⌊(n+1)(1-coverage)⌋, is passed by a new post with that probability. */
    private double tail(LikesRows posts, Path folder) {
        try (LikesModel model = LikesModel.open(folder)) {
            double[] scores = IntStream.range(0, posts.size())
                    .mapToDouble(i -> model.conformity(
                            posts.features()[i], posts.embeddings()[i], posts.probabilities()[i], posts.likes()[i]))
                    .sorted()
                    .toArray();
            int rank = scores.length + 1 - (int) Math.ceil((scores.length + 1) * coverage);
            return rank == 0 ? 0 : Math.max(0, scores[rank - 1]);
        }
    }

    private static LikesMetrics measure(LikesRows posts, Path folder) {
        int n = posts.size();
        int[] likes = new int[n];
        int[] low = new int[n];
        int[] high = new int[n];
        int[] buckets = new int[n];
        try (LikesModel model = LikesModel.open(folder)) {
            for (int i = 0; i < n; i++) {
                Estimate estimate =
                        model.estimate(posts.features()[i], posts.embeddings()[i], posts.probabilities()[i]);
                buckets[i] = estimate.bucket();
                likes[i] = estimate.likes();
                low[i] = estimate.low();
                high[i] = estimate.high();
            }
        }
        return LikesMetrics.of(posts.likes(), likes, low, high, posts.probabilities(), buckets);
    }

    private void write(
            List<String> featureNames,
            int embeddingSize,
            List<LikesConfig.Bucket> buckets,
            String overallFile,
            Calibrated calibrated,
            Path folder)
            throws IOException {
        new LikesConfig(
                        LikesConfig.FORMAT_VERSION,
                        featureNames,
                        embeddingSize,
                        buckets,
                        new LikesConfig.Overall(overallFile, calibrated.weight, overallNeeds),
                        distanceWeight,
                        new LikesConfig.Interval(coverage, calibrated.tail))
                .write(folder);
    }

    private static List<String> names(List<String> featureNames, int embeddingSize) {
        List<String> names = new ArrayList<>(featureNames);
        for (int i = 0; i < embeddingSize; i++) {
            names.add(String.format(Locale.ROOT, "embedding_%d", i));
        }
        return names;
    }
}
