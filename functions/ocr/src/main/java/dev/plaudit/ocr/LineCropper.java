package dev.plaudit.ocr;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;

/** Cuts a line of text out of a picture, level. */
final class LineCropper {
    /** A box this much taller than wide holds a line that runs up or down, and is turned a quarter. */
    private static final double UPRIGHT = 1.5;

    private LineCropper() {}

    static BufferedImage crop(BufferedImage picture, TextBox box) {
        boolean upright = box.height() >= UPRIGHT * box.width();
        // The corner where the line begins, and the ones to the right of and below it as the line reads.
        Point2D origin = box.corners().get(upright ? 1 : 0);
        Point2D right = box.corners().get(upright ? 2 : 1);
        Point2D below = box.corners().get(upright ? 0 : 3);
        int width = Math.max(1, (int) Math.round(origin.distance(right)));
        int height = Math.max(1, (int) Math.round(origin.distance(below)));
        AffineTransform fromCrop = new AffineTransform(
                (right.getX() - origin.getX()) / width,
                (right.getY() - origin.getY()) / width,
                (below.getX() - origin.getX()) / height,
                (below.getY() - origin.getY()) / height,
                origin.getX(),
                origin.getY());
        BufferedImage crop = Pixels.blank(width, height);
        Graphics2D graphics = crop.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        try {
            graphics.drawImage(picture, fromCrop.createInverse(), null);
        } catch (NoninvertibleTransformException e) {
            throw new IllegalArgumentException("a box without area: " + box, e);
        } finally {
            graphics.dispose();
        }
        return crop;
    }
}
