package dev.plaudit.training.pictures;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A drawn flyer.
 *
 * @param image {@link BufferedImage#TYPE_INT_RGB}
 * @param lines the text on it, from the top
 */
public record RenderedFlyer(BufferedImage image, List<String> lines) {}
