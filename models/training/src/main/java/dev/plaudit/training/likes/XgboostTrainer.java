package dev.plaudit.training.likes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Boosting by XGBoost over histograms (Chen and Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016). */
final class XgboostTrainer implements TreesTrainer {
    private final BoostingOptions options;
    private final List<String> featureNames;

    XgboostTrainer(BoostingOptions options, List<String> featureNames) {
        this.options = options;
        this.featureNames = List.copyOf(featureNames);
    }

    @Override
    public int bestTreeCount(RegressionRows rows, RegressionRows validation) {
        EarlyStopping stopping = new EarlyStopping(options.patience());
        try (Matrix train = new Matrix(rows);
                Matrix held = new Matrix(validation)) {
            Booster booster = XGBoost.train(train.matrix, parameters(), 0, Map.of(), null, null);
            try {
                for (int tree = 0; tree < options.maxTrees(); tree++) {
                    booster.update(train.matrix, tree);
                    if (stopping.stop(tree + 1, squaredError(booster.predict(held.matrix), validation.targets()))) {
                        break;
                    }
                }
                return stopping.best();
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost cannot train: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] train(RegressionRows rows, int trees) {
        try (Matrix matrix = new Matrix(rows)) {
            Booster booster = XGBoost.train(matrix.matrix, parameters(), trees, Map.of(), null, null);
            try {
                booster.setFeatureNames(featureNames.toArray(String[]::new));
                return booster.toByteArray("ubj");
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost cannot train: " + e.getMessage(), e);
        }
    }

    @Override
    public String fileExtension() {
        return "ubj";
    }

    private static double squaredError(float[][] predictions, double[] targets) {
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            double error = predictions[i][0] - targets[i];
            sum += error * error;
        }
        return sum;
    }

    private Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("objective", "reg:squarederror");
        parameters.put("tree_method", "hist");
        parameters.put("max_depth", options.depth());
        parameters.put("eta", options.learningRate());
        parameters.put("lambda", options.l2());
        parameters.put("subsample", options.rowShare());
        parameters.put("colsample_bytree", options.featureShare());
        parameters.put("seed", options.seed());
        return parameters;
    }

    /** A matrix in native memory. */
    private record Matrix(DMatrix matrix) implements AutoCloseable {
        Matrix(RegressionRows rows) throws XGBoostError {
            this(new DMatrix(flat(rows), rows.size(), rows.features(), Float.NaN));
            float[] labels = new float[rows.size()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (float) rows.targets()[i];
            }
            matrix.setLabel(labels);
        }

        private static float[] flat(RegressionRows rows) {
            float[] flat = new float[Math.multiplyExact(rows.size(), rows.features())];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.values()[i], 0, flat, i * rows.features(), rows.features());
            }
            return flat;
        }

        @Override
        public void close() {
            matrix.dispose();
        }
    }
}
