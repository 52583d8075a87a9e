package dev.plaudit.inference.vision;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Resizing to the level as Pillow's {@code Image.resize} does it, which is what vision models were trained behind: a
 * separable filter, as wide as the picture shrinks, along rows first and then along columns; weights in fixed point, each
 * pass rounded to whole levels.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1981.1163711">Keys 1981</a>, for the bicubic kernel
 */
public enum Resampling {
    /** The triangle filter; 2 in a {@code preprocessor_config.json}. */
    BILINEAR(2, 1),
    /** Keys' kernel with a = −0.5; 3 in a {@code preprocessor_config.json}. */
    BICUBIC(3, 2);

    private static final int PRECISION_BITS = 32 - 8 - 2;
    private static final int HALF = 1 << PRECISION_BITS - 1;
    private static final double A = -0.5;

    private final int code;
    private final int support;

    Resampling(int code, int support) {
        this.code = code;
        this.support = support;
    }

    /** Pillow's number of this filter. */
    public int code() {
        return code;
    }

    private double weight(double distance) {
        double x = Math.abs(distance);
        return switch (this) {
            case BILINEAR -> Math.max(0, 1 - x);
            case BICUBIC -> {
                if (x < 1) {
                    yield ((A + 2) * x - (A + 3)) * x * x + 1;
                }
                yield x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
            }
        };
    }

    /**
     * Resizes a picture, without regard to its proportions.
     *
     * @param image without transparency
     * @return {@link BufferedImage#TYPE_INT_RGB}
     */
    public BufferedImage resize(BufferedImage image, int width, int height) {
        return resize(image, width, height, new Rectangle(width, height));
    }

    /**
     * Makes a part of the resized picture, and nothing of the rest.
     *
     * @param image without transparency
     * @return {@link BufferedImage#TYPE_INT_RGB}
     */
    BufferedImage resize(BufferedImage image, int width, int height, Rectangle part) {
        BufferedImage rgb = rgb(image);
        int[] pixels = (int[]) rgb.getRaster().getDataElements(0, 0, rgb.getWidth(), rgb.getHeight(), null);
        if (rgb.getWidth() != width || part.width != width) {
            pixels = Taps.of(this, rgb.getWidth(), width, part.x, part.width).across(pixels, rgb.getHeight());
        }
        if (rgb.getHeight() != height || part.height != height) {
            pixels = Taps.of(this, rgb.getHeight(), height, part.y, part.height).down(pixels, part.width);
        }
        BufferedImage resized = new BufferedImage(part.width, part.height, BufferedImage.TYPE_INT_RGB);
        resized.getRaster().setDataElements(0, 0, part.width, part.height, pixels);
        return resized;
    }

    private static BufferedImage rgb(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_INT_RGB) {
            return image;
        }
        BufferedImage rgb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = rgb.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return rgb;
    }

    /**
     * Which pixels of a line make each pixel of the resized line.
     *
     * @param first the first one
     * @param weights of that and the following ones, in fixed point
     */
    private record Taps(int from, int[] first, int[][] weights) {
        static Taps of(Resampling filter, int from, int to, int begin, int count) {
            double scale = (double) from / to;
            double stretch = Math.max(scale, 1);
            double reach = filter.support * stretch;
            int[] first = new int[count];
            int[][] weights = new int[count][];
            for (int i = 0; i < count; i++) {
                double centre = (begin + i + 0.5) * scale;
                first[i] = Math.max(0, (int) (centre - reach + 0.5));
                double[] exact = new double[Math.min(from, (int) (centre + reach + 0.5)) - first[i]];
                for (int k = 0; k < exact.length; k++) {
                    exact[k] = filter.weight((first[i] + k - centre + 0.5) / stretch);
                }
                double sum = Arrays.stream(exact).sum();
                weights[i] = Arrays.stream(exact)
                        .mapToInt(weight -> fixed(weight / sum))
                        .toArray();
            }
            return new Taps(from, first, weights);
        }

        private static int fixed(double weight) {
            return (int) (Math.copySign(0.5, weight) + weight * (1 << PRECISION_BITS));
        }

        int[] across(int[] pixels, int height) {
            int[] resized = new int[first.length * height];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < first.length; x++) {
                    resized[y * first.length + x] = blend(pixels, y * from + first[x], 1, weights[x]);
                }
            }
            return resized;
        }

        int[] down(int[] pixels, int width) {
            int[] resized = new int[width * first.length];
            for (int y = 0; y < first.length; y++) {
                for (int x = 0; x < width; x++) {
                    resized[y * width + x] = blend(pixels, first[y] * width + x, width, weights[y]);
                }
            }
            return resized;
        }

        private static int blend(int[] pixels, int start, int stride, int[] weights) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int k = 0; k < weights.length; k++) {
                int pixel = pixels[start + k * stride];
                red += weights[k] * (pixel >> 16 & 0xFF);
                green += weights[k] * (pixel >> 8 & 0xFF);
                blue += weights[k] * (pixel & 0xFF);
            }
            return level(red) << 16 | level(green) << 8 | level(blue);
        }

        private static int level(int sum) {
            return Math.clamp(sum >> PRECISION_BITS, 0, 255);
        }
    }
}
