package dev.plaudit.training.likes;

/**
 * Rows with known targets.
 *
 * @param values n rows of equal length, NaN where missing
 * @param targets n numbers
 */
record RegressionRows(float[][] values, double[] targets) {
    RegressionRows {
        if (values.length == 0 || values.length != targets.length) {
            throw new IllegalArgumentException("There must be rows, and one target for each.");
        }
    }

    int size() {
        return values.length;
    }

    int features() {
        return values[0].length;
    }
}
