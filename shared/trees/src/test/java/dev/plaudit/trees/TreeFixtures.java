package dev.plaudit.trees;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Small random models and rows, the same for the same generator. */
final class TreeFixtures {
    private TreeFixtures() {}

    static ObliviousTrees obliviousTrees(RandomGenerator random, int features, int trees, int depth) {
        float[][] borders = new float[features][];
        for (int feature = 0; feature < features; feature++) {
            borders[feature] = new float[1 + random.nextInt(8)];
            for (int i = 0; i < borders[feature].length; i++) {
                borders[feature][i] = -2 + i + random.nextFloat();
            }
        }
        List<ObliviousTrees.Tree> grown = new ArrayList<>();
        for (int t = 0; t < trees; t++) {
            int[] asked = random.ints(depth, 0, features).toArray();
            int[] splits = Arrays.stream(asked)
                    .map(feature -> random.nextInt(borders[feature].length))
                    .toArray();
            double[] weights = IntStream.range(0, 1 << depth)
                    .mapToDouble(i -> random.nextInt(5))
                    .toArray();
            grown.add(new ObliviousTrees.Tree(
                    asked, splits, random.doubles(1 << depth, -1, 1).toArray(), weights));
        }
        return new ObliviousTrees(names(features), borders, grown, random.nextDouble());
    }

    static List<String> names(int features) {
        return IntStream.range(0, features).mapToObj(i -> "feature_" + i).toList();
    }

    /** Rows that visit every awkward place: values on borders, missing, infinite, signed zeros. */
    static float[][] rows(RandomGenerator random, ObliviousTrees trees, int n) {
        float[][] rows = new float[n][trees.featureCount()];
        for (float[] row : rows) {
            for (int feature = 0; feature < row.length; feature++) {
                float[] borders = trees.borders()[feature];
                row[feature] = switch (random.nextInt(8)) {
                    case 0 -> Float.NaN;
                    case 1 -> Float.POSITIVE_INFINITY;
                    case 2 -> Float.NEGATIVE_INFINITY;
                    case 3 -> -0f;
                    case 4 -> borders[random.nextInt(borders.length)];
                    default -> (float) random.nextGaussian() * 3;
                };
            }
        }
        return rows;
    }

    /** An XGBoost model of y = 2·x₀ + x₁·x₂ on rows of which a tenth of the values is missing. */
    static byte[] xgboost(RandomGenerator random, int features, int trees) {
        return xgboost(random, features, trees, Map.of());
    }

    static byte[] xgboost(RandomGenerator random, int features, int trees, Map<String, Object> objective) {
        int n = 400;
        float[] rows = new float[n * features];
        float[] targets = new float[n];
        for (int i = 0; i < n; i++) {
            for (int feature = 0; feature < features; feature++) {
                rows[i * features + feature] = (float) random.nextGaussian();
            }
            targets[i] = 2 * rows[i * features] + rows[i * features + 1] * rows[i * features + 2];
            rows[i * features + random.nextInt(features)] = Float.NaN;
        }
        try {
            DMatrix matrix = new DMatrix(rows, n, features, Float.NaN);
            matrix.setLabel(targets);
            Map<String, Object> parameters = new HashMap<>(objective);
            parameters.putAll(Map.of("max_depth", 4, "tree_method", "hist", "nthread", 1));
            Booster booster = XGBoost.train(matrix, parameters, trees, Map.of(), null, null);
            byte[] model = booster.toByteArray("ubj");
            booster.dispose();
            matrix.dispose();
            return model;
        } catch (XGBoostError e) {
            throw new AssertionError(e);
        }
    }
}
