package dev.plaudit.training.pictures;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture and what is on it.
 *
 * @param image of any size
 * @param captions all that are right, at least one; the first is what a captioner is to say
 * @param subject the main object, in the singular
 * @param color the main object's colour
 * @param words written on it; empty for none
 * @param silhouette where the main object is: white on black, as large as the picture
 */
public record RenderedPicture(
        BufferedImage image,
        List<String> captions,
        String subject,
        String color,
        String words,
        BufferedImage silhouette) {
    public RenderedPicture {
        captions = List.copyOf(captions);
    }

    public String caption() {
        return captions.getFirst();
    }
}
