package dev.plaudit.ocr;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.FloatBuffer;

/** Pictures as the networks want them: planes in the order blue, green, red, as OpenCV reads them. */
final class Pixels {
    /** How channel values are brought to the network's scale: {@code (v / 255 - mean) / deviation}. */
    record Normalisation(float[] mean, float[] deviation) {
        /** ImageNet's, the detector's. */
        static final Normalisation IMAGENET =
                new Normalisation(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

        /** To -1…1, the other two networks'. */
        static final Normalisation HALF =
                new Normalisation(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.5f, 0.5f, 0.5f});
    }

    private Pixels() {}

    /**
     * Writes a picture into a batch; what lies to the right of it stays as it is.
     *
     * @param batch {@code [n, 3, height, width]}, of the picture's height
     */
    static void write(BufferedImage picture, Normalisation scale, FloatBuffer batch, int index, int width) {
        int[] rgb = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        int height = picture.getHeight();
        int plane = height * width;
        int start = index * 3 * plane;
        for (int channel = 0; channel < 3; channel++) {
            int shift = 8 * channel;
            float factor = 1 / (255 * scale.deviation()[channel]);
            float offset = scale.mean()[channel] / scale.deviation()[channel];
            for (int y = 0; y < height; y++) {
                int to = start + channel * plane + y * width;
                int from = y * picture.getWidth();
                for (int x = 0; x < picture.getWidth(); x++) {
                    batch.put(to + x, (rgb[from + x] >> shift & 0xFF) * factor - offset);
                }
            }
        }
    }

    /** A picture in another size; shrunk by halves first, so that no thin stroke falls between the samples. */
    static BufferedImage resized(BufferedImage picture, int width, int height) {
        BufferedImage source = picture;
        while (source.getWidth() >= 2 * width || source.getHeight() >= 2 * height) {
            source = drawn(
                    source,
                    Math.max(width, (source.getWidth() + 1) / 2),
                    Math.max(height, (source.getHeight() + 1) / 2));
        }
        return drawn(source, width, height);
    }

    /** The picture upside down. */
    static BufferedImage turned(BufferedImage picture) {
        BufferedImage turned = blank(picture.getWidth(), picture.getHeight());
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                turned.setRGB(picture.getWidth() - 1 - x, picture.getHeight() - 1 - y, picture.getRGB(x, y));
            }
        }
        return turned;
    }

    static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static BufferedImage drawn(BufferedImage source, int width, int height) {
        BufferedImage target = blank(width, height);
        Graphics2D graphics = target.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(source, 0, 0, width, height, null);
        graphics.dispose();
        return target;
    }
}
