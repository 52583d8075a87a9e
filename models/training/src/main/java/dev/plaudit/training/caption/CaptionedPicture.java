package dev.plaudit.training.caption;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * A picture and what is to be said of it.
 *
 * @param image of any size
 * @param caption the one to learn
 * @param references all captions that are right, {@code caption} among them
 * @param subject the main object, in the words that captions use
 * @param color the main object's colour; empty if it has none
 * @param silhouette where the main object is, white on black, as large as the picture; it helps to learn
 */
public record CaptionedPicture(
        BufferedImage image,
        String caption,
        List<String> references,
        String subject,
        String color,
        Optional<BufferedImage> silhouette) {
    public CaptionedPicture {
        references = List.copyOf(references);
    }
}
