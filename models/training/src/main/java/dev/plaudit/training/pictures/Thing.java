package dev.plaudit.training.pictures;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.Random;

/** What a picture can show: a name and outlines by many hands. */
interface Thing {

    /** As captions call it, in the singular. */
    String word();

    /** An outline of the thing by one of a split's hands, of any size and place. */
    Shape outline(Split split, Random random);

    /** The thing in the plural. */
    default String plural() {
        if (word().startsWith("cup ")) {
            return "cups" + word().substring(3);
        }
        return word() + (word().endsWith("s") ? "" : word().endsWith("sh") || word().endsWith("x") ? "es" : "s");
    }

    /** An outline whose longer side is 1, centred on the origin. */
    default Shape unit(Split split, Random random) {
        Shape outline = outline(split, random);
        Rectangle2D box = outline.getBounds2D();
        double scale = 1 / Math.max(box.getWidth(), box.getHeight());
        AffineTransform to = AffineTransform.getScaleInstance(scale, scale);
        to.translate(-box.getCenterX(), -box.getCenterY());
        return to.createTransformedShape(outline);
    }
}
