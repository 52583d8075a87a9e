package dev.plaudit.trees;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many likes a post will get, by one regressor per like bucket and one for all. Each of the seven predicts log1p(likes)
 * of a post known to be in its bucket; the classifier's probabilities weigh them. The eighth knows no bucket, so it does not
 * share the classifier's errors: the two answers are averaged, where what it needs is known. Safe for use by many threads until closed.
 *
 * <p>A folder holds {@code config.json} ({@link LikesConfig}) and the regressors it names.
 */
public final class LikesModel implements AutoCloseable {
    /** A bucket less likely than this is not asked. */
    private static final double NEGLIGIBLE = 1e-3;

    private static final int BISECTIONS = 24;

    private final LikesConfig config;
    private final List<TreeModel> regressors;
    private final TreeModel overall;

    private LikesModel(LikesConfig config, List<TreeModel> regressors, TreeModel overall) {
        this.config = config;
        this.regressors = List.copyOf(regressors);
        this.overall = overall;
    }

    /**
     * Opens a model folder.
     *
     * @throws TreeModelException when the folder, its configuration or one of its regressors is missing or damaged, or does
     *     not fit the others
     */
    public static LikesModel open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new TreeModelException("Likes model %s is no folder.".formatted(folder));
        }
        LikesConfig config = LikesConfig.read(folder);
        int features = config.features().size();
        List<TreeModel> opened = new ArrayList<>();
        try {
            for (LikesConfig.Bucket bucket : config.buckets()) {
                opened.add(open(folder.resolve(bucket.model()), features + config.embeddingSize()));
            }
            return new LikesModel(
                    config, opened, open(folder.resolve(config.overall().model()), features));
        } catch (TreeModelException e) {
            opened.forEach(TreeModel::close);
            throw e;
        }
    }

    private static TreeModel open(Path file, int width) {
        TreeModel regressor = TreeModel.open(file);
        if (regressor.featureCount() != width) {
            regressor.close();
            throw new TreeModelException(
                    "Model %s takes %d values, there must be %d.".formatted(file, regressor.featureCount(), width));
        }
        return regressor;
    }

    /** How many values an embedding has. */
    public int embeddingSize() {
        return config.embeddingSize();
    }

    /**
     * Checks that this model was trained on what will be given to it.
     *
     * @throws TreeModelException when it was trained on other features, in another order, or on embeddings of another size
     */
    public void requireFeatures(List<String> names, int embeddingSize) {
        if (!names.equals(config.features())) {
            throw new TreeModelException("The likes model was trained on the features %s, this program computes %s."
                    .formatted(config.features(), names));
        }
        if (embeddingSize != config.embeddingSize()) {
            throw new TreeModelException(
                    "The likes model was trained on embeddings of %d values, the classifier gives %d."
                            .formatted(config.embeddingSize(), embeddingSize));
        }
    }

    /**
     * Checks that this model's buckets are those of the classifier.
     *
     * @param lows the fewest likes of each
     * @throws TreeModelException when they are others
     */
    public void requireBuckets(List<Integer> lows) {
        List<Integer> trained =
                config.buckets().stream().map(LikesConfig.Bucket::low).toList();
        if (!lows.equals(trained)) {
            throw new TreeModelException(
                    "The likes model's buckets begin at %s likes, this program's at %s.".formatted(trained, lows));
        }
    }

    /**
     * Estimates the likes of a post. The bucket is the one of least expected cost, where missing the bucket costs 1
     * and the squared error of log1p(likes) its weight; the likes are the expected log1p(likes), taken
     * into that bucket. The interval lies between two quantiles of the predictive distribution, cut so that
     * it held the stated share of the calibration rows (split conformal prediction over nested sets, Gupta, Kuchibhotla and
     * Ramdas, "Nested conformal prediction and quantile out-of-bag ensemble methods", Pattern Recognition 127, 2022).
     *
     * @param features the numeric features, NaN where unknown
     * @param embedding the text's embedding
     * @param probabilities one per bucket, as the classifier gives them
     * @throws IllegalArgumentException when a length is not the model's
     */
    public Estimate estimate(float[] features, float[] embedding, double[] probabilities) {
        return prediction(features, embedding, probabilities)
                .cut(config.interval().tail());
    }

    /**
     * How much may be left out at either side of the predictive distribution with the interval still holding what the post
     * really got: the conformity score by which the interval is calibrated.
     *
     * @param likes what the post really got
     * @return 0 to 0.5; negative when no interval holds it
     * @throws IllegalArgumentException when a length is not the model's
     */
    public double conformity(float[] features, float[] embedding, double[] probabilities, int likes) {
        return prediction(features, embedding, probabilities).conformity(likes);
    }

    /**
     * Index of the bucket of least expected cost. Taking the expected value into a bucket adds the square of the way to the
     * expected squared error.
     */
    private int decide(double[] probabilities, double expectedLog) {
        int decided = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int b = 0; b < probabilities.length; b++) {
            double way = config.buckets().get(b).clampLog(expectedLog) - expectedLog;
            double score = probabilities[b] - config.distanceWeight() * way * way;
            if (score > best) {
                best = score;
                decided = b;
            }
        }
        return decided;
    }

    private Prediction prediction(float[] features, float[] embedding, double[] probabilities) {
        float[] row = row(features, embedding);
        checkProbabilities(probabilities);
        double[] perBucketLog = new double[regressors.size()];
        Arrays.fill(perBucketLog, Double.NaN);
        double sum = 0;
        double mass = 0;
        for (int b = 0; b < perBucketLog.length; b++) {
            if (probabilities[b] > NEGLIGIBLE) {
                perBucketLog[b] =
                        config.buckets().get(b).clampLog(regressors.get(b).predict(row));
                sum += probabilities[b] * perBucketLog[b];
                mass += probabilities[b];
            }
        }
        double share = overallShare(features);
        double expectedLog = sum / mass;
        if (share > 0) {
            expectedLog += share * (Math.max(0, overall.predict(features)) - expectedLog);
        }
        int bucket = decide(probabilities, expectedLog);
        int likes = config.buckets().get(bucket).clamp(Math.expm1(expectedLog));
        var distribution = new PredictiveDistribution(config.buckets(), probabilities, perBucketLog);
        return new Prediction(bucket + 1, likes, expectedLog, perBucketLog, distribution);
    }

    private record Prediction(
            int bucket, int likes, double expectedLog, double[] perBucketLog, PredictiveDistribution distribution) {
        Estimate cut(double tail) {
            return new Estimate(
                    bucket,
                    likes,
                    Math.min(likes, likesAt(tail)),
                    Math.max(likes, likesAt(1 - tail)),
                    expectedLog,
                    perBucketLog);
        }

        double conformity(int trueLikes) {
            double inside = -1;
            double outside = 0.5;
            double tail = 0;
            for (int i = 0; i < BISECTIONS; i++) {
                Estimate estimate = cut(tail);
                if (estimate.low() <= trueLikes && trueLikes <= estimate.high()) {
                    inside = tail;
                } else if (tail == 0) {
                    return inside;
                } else {
                    outside = tail;
                }
                tail = (Math.max(inside, 0) + outside) / 2;
            }
            return inside;
        }

        private int likesAt(double level) {
            return (int) Math.round(Math.expm1(distribution.quantile(level)));
        }
    }

    /**
     * Explains the expected log1p(likes) by exact SHAP values of the weighted sum of the regressors, before each is held to
     * its bucket's range.
     *
     * @param features the numeric features, NaN where unknown
     * @param embedding the text's embedding
     * @param probabilities one per bucket, as the classifier gives them; taken as given, not explained
     * @throws IllegalArgumentException when a length is not the model's
     */
    public Contributions explain(float[] features, float[] embedding, double[] probabilities) {
        float[] row = row(features, embedding);
        checkProbabilities(probabilities);
        double[] values = new double[features.length + 1];
        double expected = 0;
        double mass = 0;
        for (int b = 0; b < regressors.size(); b++) {
            if (probabilities[b] > NEGLIGIBLE) {
                double[] shap = regressors.get(b).contributions(row);
                for (int i = 0; i < row.length; i++) {
                    values[Math.min(i, features.length)] += probabilities[b] * shap[i];
                }
                expected += probabilities[b] * shap[row.length];
                mass += probabilities[b];
            }
        }
        List<String> names = new ArrayList<>(config.features());
        names.add(Contributions.TEXT);
        double share = overallShare(features);
        double[] shap = overall.contributions(features);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (1 - share) / mass;
        }
        for (int i = 0; i < features.length; i++) {
            values[i] += share * shap[i];
        }
        return new Contributions(
                List.copyOf(names), values, (1 - share) * expected / mass + share * shap[features.length]);
    }

    private double overallShare(float[] features) {
        boolean known =
                !Float.isNaN(features[config.features().indexOf(config.overall().needs())]);
        return known ? config.overall().weight() : 0;
    }

    private void checkProbabilities(double[] probabilities) {
        if (probabilities.length != regressors.size()) {
            throw new IllegalArgumentException(
                    "There must be %d probabilities, there are %d.".formatted(regressors.size(), probabilities.length));
        }
        if (Arrays.stream(probabilities).noneMatch(p -> p > NEGLIGIBLE)) {
            throw new IllegalArgumentException("The probabilities must add up to 1.");
        }
    }

    private float[] row(float[] features, float[] embedding) {
        if (features.length != config.features().size() || embedding.length != config.embeddingSize()) {
            throw new IllegalArgumentException(
                    "A post must have %d features and an embedding of %d values, has %d and %d."
                            .formatted(
                                    config.features().size(),
                                    config.embeddingSize(),
                                    features.length,
                                    embedding.length));
        }
        float[] row = Arrays.copyOf(features, rowSize());
        System.arraycopy(embedding, 0, row, features.length, embedding.length);
        return row;
    }

    private int rowSize() {
        return config.features().size() + config.embeddingSize();
    }

    /** Frees the regressors. No call may be running, and none may follow. */
    @Override
    public void close() {
        regressors.forEach(TreeModel::close);
        overall.close();
    }
}
