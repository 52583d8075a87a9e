package dev.plaudit.trees;

import java.nio.file.Path;

/**
 * A regressor made of boosted trees. Rows are dense: one float per feature, in the order of training, NaN where a value
 * is missing; infinities count as the largest and the smallest float. Safe for use by many threads until closed.
 */
public sealed interface TreeModel extends AutoCloseable permits XgboostModel, CatBoostModel {

    /**
     * Opens a model by what its name ends with.
     *
     * @param file {@code .ubj} (XGBoost's universal binary JSON) or {@code .cbm} (CatBoost)
     * @throws TreeModelException when the file is missing, damaged, or neither of the two
     */
    static TreeModel open(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".ubj")) {
            return XgboostModel.open(file);
        }
        if (name.endsWith(".cbm")) {
            return CatBoostModel.open(file);
        }
        throw new TreeModelException("Model %s is neither .ubj (XGBoost) nor .cbm (CatBoost).".formatted(file));
    }

    /** How many values a row has. */
    int featureCount();

    /**
     * The prediction for one row.
     *
     * @throws IllegalArgumentException when the row has not {@link #featureCount()} values
     */
    double predict(float[] row);

    /**
     * The predictions for many rows, in their order; the same numbers as one by one.
     *
     * @throws IllegalArgumentException when a row has not {@link #featureCount()} values
     */
    double[] predict(float[][] rows);

    /**
     * Exact path-dependent SHAP values (Lundberg et al., "From local explanations to global understanding with
     * explainable AI for trees", Nature Machine Intelligence 2, 2020, algorithm 1).
     *
     * @return {@link #featureCount()} + 1 values: what each feature adds, then the expected prediction; their sum is the
     *     prediction, up to rounding
     * @throws IllegalArgumentException when the row has not {@link #featureCount()} values
     */
    double[] contributions(float[] row);

    /** Frees the native memory. No call may be running, and none may follow. */
    @Override
    void close();
}
