package dev.plaudit.training.likes;

import java.util.Arrays;

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

    /** Only these of the rows. */
    RegressionRows only(int[] indices) {
        return new RegressionRows(
                Arrays.stream(indices).mapToObj(i -> values[i]).toArray(float[][]::new),
                Arrays.stream(indices).mapToDouble(i -> targets[i]).toArray());
    }

    int size() {
        return values.length;
    }

    int features() {
        return values[0].length;
    }
}
