package dev.plaudit.training.likes;

import java.util.Arrays;

/**
 * The borders between which a feature's values count as equal: quantiles of the distinct steps between its values, so that
 * every bin holds about as many rows. A column with missing values gets a border below all finite ones, which parts the
 * missing from the rest.
 */
final class QuantileBorders {
    /** As many borders as let a bin's number fit a byte and CatBoost's own limit hold. */
    static final int MAX = 254;

    private QuantileBorders() {}

    /**
     * @param column a feature's values, NaN where missing
     * @param max the most borders, 1 to {@link #MAX}
     * @return strictly ascending, finite
     */
    static float[] of(float[] column, int max) {
        float[] sorted = column.clone();
        Arrays.sort(sorted);
        int known = sorted.length;
        while (known > 0 && Float.isNaN(sorted[known - 1])) {
            known--;
        }
        float[] borders = new float[max];
        int count = 0;
        if (known > 0 && known < sorted.length) {
            borders[count++] = -Float.MAX_VALUE;
        }
        int quantiles = max - count;
        for (int i = 1; i <= quantiles; i++) {
            int step = nextStep(sorted, known, (int) ((long) i * known / (quantiles + 1)));
            if (step < known) {
                float border = between(sorted[step - 1], sorted[step]);
                if (count == 0 || border > borders[count - 1]) {
                    borders[count++] = border;
                }
            }
        }
        return Arrays.copyOf(borders, count);
    }

    /** The first index from here on whose value is above the one before it. */
    private static int nextStep(float[] sorted, int known, int from) {
        int step = Math.max(from, 1);
        while (step < known && !(sorted[step] > sorted[step - 1])) {
            step++;
        }
        return step;
    }

    /** A finite border b with {@code below <= b < above}: a row goes right when its value is above the border. */
    private static float between(float below, float above) {
        float middle = (float) (((double) below + above) / 2);
        float border = middle >= below && middle < above ? middle : below;
        return Math.clamp(border, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** How many borders lie below the value; 0 when it is missing. */
    static int bin(float[] borders, float value) {
        int low = 0;
        int high = borders.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value > borders[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
