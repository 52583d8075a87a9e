package dev.plaudit.training.pictures;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** How a picture is laid out around its main thing; each draws all but the thing, and says how captions put it. */
enum Composition {
    /** On a plain, graded, spotted or striped ground. */
    POSTER {
        @Override
        Layout draw(Canvas canvas) {
            Pair hues = Pair.of(canvas);
            return hues.layout(canvas.rest(1), 1);
        }
    },
    /** With a slogan above or below. */
    FLYER {
        @Override
        Layout draw(Canvas canvas) {
            Hue ground = Hue.apartFrom(canvas.random());
            Hue thing = Hue.apartFrom(canvas.random(), ground);
            canvas.ground(ground);
            if (canvas.random().nextBoolean()) {
                canvas.frame(Hue.apartFrom(canvas.random(), ground));
            }
            String words = canvas.pick(Lettering.SLOGANS);
            Rectangle2D box = canvas.slogan(words, Hue.apartFrom(canvas.random(), ground));
            String flyer = article(ground) + " flyer";
            return new Layout(box, 1, thing, flyer + " with ", " and the words " + words, " on " + flyer, words);
        }
    },
    /** In a disc or square, over the name of a brand. */
    LOGO {
        @Override
        Layout draw(Canvas canvas) {
            Hue ground = Hue.apartFrom(canvas.random());
            Hue plate = Hue.apartFrom(canvas.random(), ground);
            Hue thing = Hue.apartFrom(canvas.random(), plate);
            canvas.ground(ground);
            boolean named = canvas.random().nextBoolean();
            String brand = named ? canvas.pick(Lettering.BRANDS) : "";
            Rectangle2D room = named ? canvas.slogan(brand, plate) : canvas.rest(1);
            double side = 0.98 * Math.min(room.getWidth(), room.getHeight());
            Rectangle2D box = centred(room, side);
            boolean round = canvas.random().nextBoolean();
            canvas.fill(
                    plate,
                    round
                            ? ellipse(box)
                            : new RoundRectangle2D.Double(box.getX(), box.getY(), side, side, side / 5, side / 5));
            String in = " in " + article(plate) + (round ? " circle" : " square");
            String words = named ? " and the word " + brand : "";
            return new Layout(
                    centred(box, side * (round ? 0.7 : 0.8)), 1, thing, "a logo with ", in + words, in, brand);
        }
    },
    /** Two or three of them side by side. */
    ROW {
        @Override
        Layout draw(Canvas canvas) {
            Pair hues = Pair.of(canvas);
            Rectangle2D all = new Rectangle2D.Double(0, 0, canvas.width(), canvas.height());
            return hues.layout(all, 2 + canvas.random().nextInt(2));
        }
    },
    /** Standing on a table before a wall, as goods are shown. */
    TABLE {
        @Override
        Layout draw(Canvas canvas) {
            Hue wall = Hue.apartFrom(canvas.random());
            Hue table = Hue.apartFrom(canvas.random(), wall);
            Hue thing = Hue.apartFrom(canvas.random(), wall, table);
            canvas.ground(wall);
            double edge = canvas.height() * (0.72 + 0.1 * canvas.random().nextDouble());
            canvas.fill(table, new Rectangle2D.Double(0, edge, canvas.width(), canvas.height()));
            Rectangle2D box = canvas.standing(edge + 0.06 * canvas.height());
            canvas.shadow(box);
            String on = " on " + (table == Hue.BROWN ? "a wooden" : article(table)) + " table";
            return new Layout(box, 1, thing, "", on, on + " in front of " + article(wall) + " wall", "");
        }
    },
    /** Outdoors: in a field, on a beach or in the snow, under the sky. */
    OUTDOORS {
        @Override
        Layout draw(Canvas canvas) {
            Hue sky = canvas.pick(List.of(Hue.BLUE, Hue.GRAY, Hue.BLACK, Hue.PINK));
            Place place = canvas.pick(List.of(Place.values()));
            Hue thing = Hue.apartFrom(canvas.random(), sky, place.hue);
            canvas.ground(sky);
            double horizon = canvas.height() * (0.62 + 0.15 * canvas.random().nextDouble());
            canvas.hills(place.hue, horizon);
            String at = place.phrase + " under " + (sky == Hue.BLACK ? "a night" : article(sky)) + " sky";
            return new Layout(canvas.standing(canvas.height() * 0.93), 1, thing, "", at, place.phrase, "");
        }
    },
    /** With a tag that bears an offer. */
    OFFER {
        @Override
        Layout draw(Canvas canvas) {
            Hue ground = Hue.apartFrom(canvas.random());
            Hue thing = Hue.apartFrom(canvas.random(), ground);
            Hue tag = Hue.apartFrom(canvas.random(), ground, thing);
            canvas.ground(ground);
            String words = canvas.pick(Lettering.OFFERS);
            Rectangle2D box = canvas.tag(tag, words);
            String with = " with " + article(tag) + " tag that says " + words;
            return new Layout(box, 1, thing, "", with, with + " on " + article(ground) + " background", words);
        }
    };

    /** The colours of a ground, which is drawn, and of a thing that stands out from it. */
    private record Pair(Hue ground, Hue thing) {
        static Pair of(Canvas canvas) {
            Hue ground = Hue.apartFrom(canvas.random());
            Hue thing = Hue.apartFrom(canvas.random(), ground);
            canvas.ground(ground);
            return new Pair(ground, thing);
        }

        Layout layout(Rectangle2D box, int count) {
            String on = " on " + article(ground) + " background";
            return new Layout(box, count, thing, "", on, on, "");
        }
    }

    private enum Place {
        FIELD(Hue.GREEN, " in a green field"),
        BEACH(Hue.YELLOW, " on a beach"),
        SNOW(Hue.WHITE, " in the snow");

        private final Hue hue;
        private final String phrase;

        Place(Hue hue, String phrase) {
            this.hue = hue;
            this.phrase = phrase;
        }
    }

    /**
     * What is left for the main thing, and the words around it.
     *
     * @param box where it goes
     * @param count how many of it, side by side
     * @param hue its colour
     * @param before what the caption says before it
     * @param after what it says after it
     * @param otherwise what other captions say after it
     * @param words that are written on the picture; empty for none
     */
    record Layout(Rectangle2D box, int count, Hue hue, String before, String after, String otherwise, String words) {}

    /** Draws everything but the main thing. */
    abstract Layout draw(Canvas canvas);

    static String article(Object word) {
        return ("aeiou".indexOf(word.toString().charAt(0)) >= 0 ? "an " : "a ") + word;
    }

    private static Rectangle2D centred(Rectangle2D room, double side) {
        return new Rectangle2D.Double(room.getCenterX() - side / 2, room.getCenterY() - side / 2, side, side);
    }

    private static Shape ellipse(Rectangle2D box) {
        return new Ellipse2D.Double(box.getX(), box.getY(), box.getWidth(), box.getHeight());
    }
}
