package dev.plaudit.training.behavior;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.features.PostFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Boosted trees that teach the bucket classifier (Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network",
 * 2015): they judge a post by numbers only, those of its company included, and say of every training post how probable each
 * bucket is. That says more than the one bucket that it happened to land in. What the teacher says of a post it has not seen
 * itself: it learns on four fifths of the posts and speaks of the others.
 */
final class BucketTeacher {
    private static final int FOLDS = 5;
    private static final int ROUNDS = 160;

    private BucketTeacher() {}

    /**
     * What the teacher says of each post.
     *
     * @param posts with their histories, out-of-fold
     * @param labels the same posts
     * @param histories that the posts' histories are of
     * @return one distribution over the buckets for each post
     */
    static List<float[]> judge(List<Post> posts, List<LabeledPost> labels, AccountHistories histories, long seed) {
        float[][] rows = IntStream.range(0, posts.size())
                .mapToObj(i -> row(posts.get(i), histories.companyOutOfFold(labels.get(i))))
                .toArray(float[][]::new);
        int[] folds = IntStream.range(0, rows.length)
                .map(i -> (int) (FOLDS * StableHash.uniform(seed + FOLDS, i)))
                .toArray();
        List<float[]> judged = new ArrayList<>(Arrays.asList(new float[rows.length][]));
        for (int fold = 0; fold < FOLDS; fold++) {
            int held = fold;
            int[] taught = IntStream.range(0, rows.length)
                    .filter(i -> folds[i] != held)
                    .toArray();
            int[] asked = IntStream.range(0, rows.length)
                    .filter(i -> folds[i] == held)
                    .toArray();
            float[][] answers = answers(rows, labels, taught, asked, seed);
            for (int i = 0; i < asked.length; i++) {
                judged.set(asked[i], answers[i]);
            }
        }
        return judged;
    }

    private static float[] row(Post post, double[] company) {
        float[] features = PostFeatures.of(post, List.of());
        float[] row = Arrays.copyOf(features, features.length + company.length);
        for (int i = 0; i < company.length; i++) {
            row[features.length + i] = (float) company[i];
        }
        return row;
    }

    private static float[][] answers(float[][] rows, List<LabeledPost> labels, int[] taught, int[] asked, long seed) {
        if (taught.length == 0 || asked.length == 0) {
            throw new IllegalArgumentException("there are too few posts to learn from: " + rows.length);
        }
        Map<String, Object> parameters = Map.of(
                "objective",
                "multi:softprob",
                "num_class",
                LikeBucket.COUNT,
                "tree_method",
                "hist",
                "max_depth",
                4,
                "eta",
                0.05,
                "subsample",
                0.8,
                "colsample_bytree",
                0.6,
                "min_child_weight",
                5,
                "nthread",
                1,
                "seed",
                seed);
        try {
            DMatrix lessons = matrix(rows, taught);
            DMatrix questions = matrix(rows, asked);
            Booster teacher = null;
            try {
                float[] truth = new float[taught.length];
                for (int i = 0; i < truth.length; i++) {
                    truth[i] = labels.get(taught[i]).bucket().ordinal();
                }
                lessons.setLabel(truth);
                teacher = XGBoost.train(lessons, parameters, ROUNDS, Map.of(), null, null);
                return teacher.predict(questions);
            } finally {
                lessons.dispose();
                questions.dispose();
                if (teacher != null) {
                    teacher.dispose();
                }
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
        }
    }

    private static DMatrix matrix(float[][] rows, int[] chosen) throws XGBoostError {
        int width = rows[0].length;
        float[] values = new float[chosen.length * width];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(rows[chosen[i]], 0, values, i * width, width);
        }
        return new DMatrix(values, chosen.length, width, Float.NaN);
    }
}
