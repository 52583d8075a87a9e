package dev.plaudit.training.pictures;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Random;

/** What a picture can show: a name and outlines by many hands. */
interface Thing {
    /** The numbers of them that a picture can show, from two on. */
    List<String> COUNTS = List.of("two", "three");

    /** As captions call it, in the singular. */
    String word();

    /** An outline of the thing by one of a split's hands, of any size and place. */
    Shape outline(Split split, Random random);

    /** So many of the thing in a colour: {@code a red car}, {@code two red cars}, {@code two pairs of red headphones}. */
    default String counted(int count, Hue hue) {
        boolean pair = word().endsWith("s");
        if (count == 1) {
            return pair ? hue + " " + word() : Composition.article(hue) + " " + word();
        }
        return COUNTS.get(count - 2) + (pair ? " pairs of " : " ") + hue + " " + (pair ? word() : plural());
    }

    private String plural() {
        if (word().startsWith("cup ")) {
            return "cups" + word().substring(3);
        }
        if (word().endsWith("y")) {
            return word().substring(0, word().length() - 1) + "ies";
        }
        if (word().endsWith("f")) {
            return word().substring(0, word().length() - 1) + "ves";
        }
        return word() + (word().endsWith("sh") || word().endsWith("x") ? "es" : "s");
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
