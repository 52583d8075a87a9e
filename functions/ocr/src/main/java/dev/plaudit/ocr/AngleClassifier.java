package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.awt.image.BufferedImage;

/** Turns lines that stand on their head, by PaddleOCR's angle classifier. Thread-safe. */
final class AngleClassifier {
    private static final int HEIGHT = 48;
    private static final int WIDTH = 192;

    private final Network network;
    private final float threshold;
    private final int height;
    private final int width;

    AngleClassifier(Network network, float threshold) {
        this.network = network;
        this.threshold = threshold;
        this.height = network.inputHeight(HEIGHT);
        this.width = network.inputWidth(WIDTH);
    }

    /**
     * The line, the right way up.
     *
     * @throws ModelException when the network is no classifier of two angles
     */
    BufferedImage upright(BufferedImage line) {
        int scaled = Math.clamp(Math.round((double) line.getWidth() * height / line.getHeight()), 1, width);
        BufferedImage resized = Pixels.resized(line, scaled, height);
        float[] probabilities = network.run(
                        1, height, width, pixels -> Pixels.write(resized, Pixels.Normalisation.HALF, pixels, 0, width))
                .values();
        if (probabilities.length != 2) {
            throw new ModelException(
                    "an OCR angle classifier must answer with the probabilities of 0° and 180°, not with "
                            + probabilities.length + " numbers");
        }
        return probabilities[1] >= threshold ? Pixels.turned(line) : line;
    }
}
