package dev.plaudit.training.pictures;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture and what is on it.
 *
 * @param image 120 to 200 pixels a side
 * @param caption what a captioner is to say
 * @param references all captions that are right, {@code caption} among them
 * @param subject the main object
 * @param color the main object's colour
 * @param words written on it; empty for none
 * @param silhouette where the main object is: white on black, as large as the picture
 */
public record RenderedPicture(
        BufferedImage image,
        String caption,
        List<String> references,
        String subject,
        String color,
        String words,
        BufferedImage silhouette) {
    public RenderedPicture {
        references = List.copyOf(references);
    }
}
