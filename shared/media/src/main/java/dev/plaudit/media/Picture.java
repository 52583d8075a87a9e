package dev.plaudit.media;

import java.awt.image.BufferedImage;

/**
 * One medium as a picture.
 *
 * @param image upright, opaque, {@link BufferedImage#TYPE_INT_RGB} in sRGB; black where the medium could not be had
 * @param hash a name for what it shows: equal for equal bytes of the source
 * @param unavailable why it could not be had, for the caller to read; null when it could
 */
public record Picture(BufferedImage image, String hash, String unavailable) {}
