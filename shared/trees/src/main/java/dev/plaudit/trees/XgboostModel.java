package dev.plaudit.trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.Booster.PredictionType;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** An XGBoost regressor in XGBoost's own runtime, on the calling thread. */
public final class XgboostModel implements TreeModel {
    private static final int MAX_FEATURES = 1 << 20;

    private final Booster booster;
    private final int featureCount;

    private XgboostModel(Booster booster) throws XGBoostError {
        this.booster = booster;
        booster.setParam("nthread", 1);
        this.featureCount = Math.toIntExact(booster.getNumFeature());
    }

    /** Refuses what is no regressor, or of more features than any is; configures the learner with that, after which predicting is thread-safe. */
    private XgboostModel requireRegressor(String name) throws XGBoostError {
        if (featureCount > MAX_FEATURES) {
            close();
            throw new TreeModelException("Model %s claims to have %,d features.".formatted(name, featureCount));
        }
        float[] row = new float[featureCount];
        float[] prediction = inPlace(row, 1)[0];
        float[] sumOfTrees =
                booster.inplace_predict(row, 1, featureCount, Float.NaN, new int[2], PredictionType.kMargin, null)[0];
        if (prediction.length == 1 && prediction[0] == sumOfTrees[0]) {
            return this;
        }
        close();
        throw new TreeModelException(
                prediction.length == 1
                        ? "Model %s predicts something else than the sum of its trees.".formatted(name)
                        : "Model %s predicts several values, a regressor predicts one.".formatted(name));
    }

    /**
     * Opens a model file.
     *
     * @param file XGBoost's universal binary JSON, {@code .ubj}
     * @throws TreeModelException when the file cannot be read, is no such model, or predicts anything but one value that is
     *     the sum of its trees
     */
    public static XgboostModel open(Path file) {
        try {
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new TreeModelException("Model %s cannot be read.".formatted(file), e);
        }
    }

    /**
     * Opens a model held in memory.
     *
     * @throws TreeModelException when the bytes are no model in universal binary JSON, or one that predicts anything but
     *     one value that is the sum of its trees
     */
    public static XgboostModel of(byte[] ubj) {
        return of(ubj, "in memory");
    }

    private static XgboostModel of(byte[] ubj, String name) {
        if (!UniversalBinaryJson.isWholeObject(ubj)) {
            throw new TreeModelException("Model %s is no whole file in universal binary JSON.".formatted(name));
        }
        NativeLibraries.loadXgboost();
        try {
            return new XgboostModel(XGBoost.loadModel(ubj)).requireRegressor(name);
        } catch (XGBoostError | IOException e) {
            throw new TreeModelException("Model %s is damaged: XGBoost cannot load it.".formatted(name), e);
        }
    }

    @Override
    public int featureCount() {
        return featureCount;
    }

    @Override
    public double predict(float[] row) {
        return inPlace(checked(row), 1)[0][0];
    }

    @Override
    public double[] predict(float[][] rows) {
        if (rows.length == 0) {
            return new double[0];
        }
        float[] flat = new float[Math.multiplyExact(rows.length, featureCount)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(checked(rows[i]), 0, flat, i * featureCount, featureCount);
        }
        return Arrays.stream(inPlace(flat, rows.length))
                .mapToDouble(values -> values[0])
                .toArray();
    }

    private float[][] inPlace(float[] flat, int rows) {
        try {
            return booster.inplace_predict(flat, rows, featureCount, Float.NaN);
        } catch (XGBoostError e) {
            throw new TreeModelException("XGBoost cannot predict: %s.".formatted(e.getMessage()), e);
        }
    }

    @Override
    public double[] contributions(float[] row) {
        try {
            DMatrix matrix = new DMatrix(finite(checked(row)), 1, featureCount, Float.NaN);
            try {
                float[] values = booster.predictContrib(matrix, 0)[0];
                double[] contributions = new double[values.length];
                Arrays.setAll(contributions, i -> values[i]);
                return contributions;
            } finally {
                matrix.dispose();
            }
        } catch (XGBoostError e) {
            throw new TreeModelException("XGBoost cannot explain: %s.".formatted(e.getMessage()), e);
        }
    }

    /** A {@link DMatrix} refuses infinities. */
    private static float[] finite(float[] row) {
        float[] finite = row.clone();
        for (int i = 0; i < finite.length; i++) {
            if (Float.isInfinite(finite[i])) {
                finite[i] = Math.copySign(Float.MAX_VALUE, finite[i]);
            }
        }
        return finite;
    }

    private float[] checked(float[] row) {
        if (row.length != featureCount) {
            throw new IllegalArgumentException(
                    "A row must have %d values, has %d.".formatted(featureCount, row.length));
        }
        return row;
    }

    @Override
    public void close() {
        booster.dispose();
    }
}
