package dev.plaudit.training.caption;

import java.awt.image.BufferedImage;

/**
 * Brings a picture to a square of given side as Pillow's bicubic {@code resize} does: a Keys kernel with a = -0.5, as
 * wide as the picture shrinks, first along rows, then along columns, each pass rounded to whole levels.
 */
final class BicubicSquare {
    private static final double A = -0.5;
    private static final int SUPPORT = 2;

    private BicubicSquare() {}

    /** The red, then the green, then the blue plane. */
    static byte[] planes(BufferedImage image, int side) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
        Taps across = Taps.of(width, side);
        Taps down = Taps.of(height, side);
        byte[] planes = new byte[3 * side * side];
        float[] row = new float[width];
        float[][] narrow = new float[height][side];
        for (int channel = 0; channel < 3; channel++) {
            int shift = 16 - 8 * channel;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    row[x] = rgb[y * width + x] >> shift & 0xFF;
                }
                for (int x = 0; x < side; x++) {
                    float sum = 0;
                    float[] taps = across.weights[x];
                    for (int i = 0, at = across.first[x]; i < taps.length; i++, at++) {
                        sum += taps[i] * row[at];
                    }
                    narrow[y][x] = level(sum);
                }
            }
            int plane = channel * side * side;
            float[] sums = new float[side];
            for (int y = 0; y < side; y++) {
                java.util.Arrays.fill(sums, 0);
                float[] taps = down.weights[y];
                for (int i = 0; i < taps.length; i++) {
                    float[] from = narrow[down.first[y] + i];
                    for (int x = 0; x < side; x++) {
                        sums[x] += taps[i] * from[x];
                    }
                }
                for (int x = 0; x < side; x++) {
                    planes[plane + y * side + x] = (byte) level(sums[x]);
                }
            }
        }
        return planes;
    }

    private static int level(float value) {
        return Math.clamp(Math.round(value), 0, 255);
    }

    /** For every new pixel the first old one that counts, and the weights from there on. */
    private record Taps(int[] first, float[][] weights) {
        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double stretch = Math.max(1, scale);
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int low = Math.max(0, (int) (centre - SUPPORT * stretch + 0.5));
                int high = Math.min(from, (int) (centre + SUPPORT * stretch + 0.5));
                double sum = 0;
                double[] taps = new double[high - low];
                for (int j = 0; j < taps.length; j++) {
                    taps[j] = kernel((j + low - centre + 0.5) / stretch);
                    sum += taps[j];
                }
                first[i] = low;
                weights[i] = new float[taps.length];
                for (int j = 0; j < taps.length; j++) {
                    weights[i][j] = (float) (taps[j] / sum);
                }
            }
            return new Taps(first, weights);
        }

        private static double kernel(double x) {
            double t = Math.abs(x);
            if (t < 1) {
                return ((A + 2) * t - (A + 3)) * t * t + 1;
            }
            return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
        }
    }
}
