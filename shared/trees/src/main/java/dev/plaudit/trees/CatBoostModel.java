package dev.plaudit.trees;

import ai.catboost.CatBoostError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A CatBoost regressor over float features. CatBoost's own runtime predicts; the SHAP values, which it does not offer, are
 * computed on the {@link ObliviousTrees} of the same file.
 */
public final class CatBoostModel implements TreeModel {
    private final ai.catboost.CatBoostModel runtime;
    private final ObliviousTrees trees;

    private CatBoostModel(ai.catboost.CatBoostModel runtime, ObliviousTrees trees) {
        this.runtime = runtime;
        this.trees = trees;
    }

    /**
     * Opens a model file.
     *
     * @param file a {@code .cbm} of symmetric trees over float features, one output
     * @throws TreeModelException when the file cannot be read or is no such model
     */
    public static CatBoostModel open(Path file) {
        try {
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new TreeModelException("Model %s cannot be read.".formatted(file), e);
        }
    }

    /**
     * Opens a model held in memory.
     *
     * @throws TreeModelException when the bytes are no {@code .cbm} of symmetric trees over float features
     */
    public static CatBoostModel of(byte[] cbm) {
        return of(cbm, "in memory");
    }

    private static CatBoostModel of(byte[] cbm, String name) {
        ObliviousTrees trees = CbmReader.read(cbm, name);
        try {
            return new CatBoostModel(ai.catboost.CatBoostModel.loadModel(cbm), trees);
        } catch (CatBoostError e) {
            throw new TreeModelException("Model %s is damaged: CatBoost cannot load it.".formatted(name), e);
        }
    }

    @Override
    public int featureCount() {
        return trees.featureCount();
    }

    @Override
    public double predict(float[] row) {
        try {
            return runtime.predict(checked(row), (int[]) null).get(0, 0);
        } catch (CatBoostError e) {
            throw new TreeModelException("CatBoost cannot predict: %s.".formatted(e.getMessage()), e);
        }
    }

    @Override
    public double[] predict(float[][] rows) {
        if (rows.length == 0) {
            return new double[0];
        }
        for (float[] row : rows) {
            checked(row);
        }
        try {
            return runtime.predict(rows, (int[][]) null).copyRowMajorPredictions();
        } catch (CatBoostError e) {
            throw new TreeModelException("CatBoost cannot predict: %s.".formatted(e.getMessage()), e);
        }
    }

    @Override
    public double[] contributions(float[] row) {
        return ObliviousShap.values(trees, checked(row));
    }

    private float[] checked(float[] row) {
        if (row.length != trees.featureCount()) {
            throw new IllegalArgumentException(
                    "A row must have %d values, has %d.".formatted(trees.featureCount(), row.length));
        }
        return row;
    }

    @Override
    public void close() {
        try {
            runtime.close();
        } catch (CatBoostError e) {
            throw new TreeModelException("CatBoost cannot free the model: %s.".formatted(e.getMessage()), e);
        }
    }
}
