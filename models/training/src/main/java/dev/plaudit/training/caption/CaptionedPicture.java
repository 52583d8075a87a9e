package dev.plaudit.training.caption;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture and what is to be said of it.
 *
 * @param image of any size
 * @param caption the one to learn
 * @param references all captions that are right, {@code caption} among them
 * @param subject the main object, in the words that captions use
 * @param color the main object's colour; empty if it has none
 */
public record CaptionedPicture(
        BufferedImage image, String caption, List<String> references, String subject, String color) {
    public CaptionedPicture {
        references = List.copyOf(references);
    }
}
