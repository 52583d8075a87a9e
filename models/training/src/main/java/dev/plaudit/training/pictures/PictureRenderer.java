package dev.plaudit.training.pictures;

import dev.plaudit.training.pictures.Composition.Layout;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Renders pictures by number: the same number of the same split is always the same picture on machines with the same
 * fonts. The splits share things, colours and slogans, but no pictogram, no typeface and no whole: what one caption says,
 * only one of them shows. Thread-safe.
 */
public final class PictureRenderer {
    private static final List<Composition> COMPOSITIONS = List.of(Composition.values());
    private static final int HELD_OUT_EVERY = 7;

    private final List<Thing> things = new ArrayList<>(Pictograms.load());

    public PictureRenderer() {
        things.addAll(Arrays.asList(Drawing.values()));
    }

    /** Main objects that there are. */
    public List<String> subjects() {
        return things.stream().map(Thing::word).toList();
    }

    /** The picture of a number, 0 or more. */
    public RenderedPicture render(Split split, long number) {
        Random random = new Random(number * 7919 + split.ordinal() * 104_729L + 17);
        while (true) {
            Thing thing = things.get(random.nextInt(things.size()));
            Composition composition = COMPOSITIONS.get(random.nextInt(COMPOSITIONS.size()));
            try (Canvas canvas = new Canvas(split, random)) {
                Layout layout = composition.draw(canvas);
                List<String> captions = captions(layout, thing);
                if (isHeldOut(captions.getFirst()) == (split == Split.VALIDATION)) {
                    BufferedImage silhouette = draw(thing, layout, canvas);
                    return new RenderedPicture(
                            Wear.apply(canvas.image(), random),
                            captions,
                            thing.word(),
                            layout.hue().toString(),
                            layout.words(),
                            silhouette);
                }
            }
        }
    }

    private static boolean isHeldOut(String caption) {
        return Math.floorMod(caption.hashCode(), HELD_OUT_EVERY) == 0;
    }

    /** Draws the thing, and gives where it is. */
    private static BufferedImage draw(Thing thing, Layout layout, Canvas canvas) {
        Random random = canvas.random();
        Shape outline = thing.unit(canvas.split(), random);
        if (random.nextInt(3) == 0) {
            outline = AffineTransform.getScaleInstance(-1, 1).createTransformedShape(outline);
        }
        Path2D silhouette = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (int i = 0; i < layout.count(); i++) {
            silhouette.append(place(outline, layout, i, random), false);
        }
        double boldest = random.nextInt(3) == 0 ? 0.05 * layout.box().getHeight() / layout.count() : 0;
        float line = (float) (boldest * random.nextDouble());
        canvas.paint(layout.hue(), silhouette, line);
        return canvas.mask(silhouette, line);
    }

    /** The thing in its part of the box, standing on the box's foot, a little turned, sheared and stretched now and then. */
    private static Shape place(Shape outline, Layout layout, int index, Random random) {
        Rectangle2D box = layout.box();
        double width = box.getWidth() / layout.count();
        double size = Math.min(layout.count() == 1 ? width : 0.95 * width, box.getHeight());
        AffineTransform to = AffineTransform.getTranslateInstance(box.getX() + width * (index + 0.5), 0);
        Rectangle2D bounds = outline.getBounds2D();
        to.translate(0, box.getMaxY() - size * bounds.getMaxY() - (box.getHeight() - size) / 2);
        if (random.nextInt(3) == 0) {
            to.rotate(random.nextGaussian() * 0.12);
        }
        if (random.nextInt(4) == 0) {
            to.shear(random.nextGaussian() * 0.1, 0);
        }
        double stretch = Math.exp(random.nextGaussian() * 0.12);
        to.scale(size * Math.min(1, stretch), size * Math.min(1, 1 / stretch));
        return to.createTransformedShape(outline);
    }

    private static List<String> captions(Layout layout, Thing thing) {
        String things = thing.counted(layout.count(), layout.hue());
        Set<String> captions = new LinkedHashSet<>(List.of(
                layout.before() + things + layout.after(),
                "a picture of " + things + layout.after(),
                things + layout.otherwise()));
        return List.copyOf(captions);
    }
}
