package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** Finds the lines of text on a picture, by PaddleOCR's DB network. Thread-safe. */
final class TextDetector {
    /** The network halves its input five times. */
    private static final int STRIDE = 32;

    /** A smaller picture is enlarged up to this area: the network knows no letters of four pixels. */
    private static final int LEAST_SIDE = 320;

    private static final double MOST_ENLARGED = 4;

    private final Network network;
    private final ProbabilityMap.Rule rule;
    private final int limitSide;

    TextDetector(Network network, OcrConfig config) {
        this.network = network;
        this.limitSide = config.detLimitSide();
        this.rule = new ProbabilityMap.Rule(config.detDbThresh(), config.detDbBoxThresh(), config.detDbUnclipRatio());
    }

    /**
     * The boxes of the lines, in no order.
     *
     * @throws ModelException when the network is no detector
     */
    List<TextBox> detect(BufferedImage picture) {
        double scale = scale(picture.getWidth(), picture.getHeight(), limitSide);
        int width = toStride(picture.getWidth() * scale);
        int height = toStride(picture.getHeight() * scale);
        BufferedImage resized = Pixels.resized(picture, width, height);
        Network.Output output = network.run(
                1, height, width, pixels -> Pixels.write(resized, Pixels.Normalisation.IMAGENET, pixels, 0, width));
        if (output.values().length != width * height) {
            throw new ModelException("an OCR detector must answer with a probability for each pixel, not with "
                    + Arrays.toString(output.shape()) + " for " + width + " x " + height);
        }
        double back = (double) picture.getWidth() / width;
        double down = (double) picture.getHeight() / height;
        return new ProbabilityMap(output.values(), width, height)
                .boxes(rule).stream()
                        .map(box -> box.scaled(back, down, picture.getWidth(), picture.getHeight()))
                        .toList();
    }

    /**
     * By the area and not by the longer side, as PaddleOCR does it: what the network costs and holds goes by the area,
     * and a banner of 8,000 by 200 pixels stays legible.
     */
    static double scale(int width, int height, int limitSide) {
        double side = Math.sqrt((double) width * height);
        return side > limitSide ? limitSide / side : Math.clamp(LEAST_SIDE / side, 1, MOST_ENLARGED);
    }

    private static int toStride(double length) {
        return Math.max(STRIDE, (int) Math.round(length / STRIDE) * STRIDE);
    }
}
