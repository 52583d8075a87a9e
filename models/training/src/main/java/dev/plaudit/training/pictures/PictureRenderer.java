package dev.plaudit.training.pictures;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Renders pictures by number: the same number of the same split is always the same picture. Thread-safe. */
public final class PictureRenderer {
    private static final Map<Split, List<String>> TYPEFACES = Map.of(
            Split.TRAIN, List.of("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"),
            Split.VALIDATION, List.of("DejaVu Sans Condensed", "DejaVu Serif Condensed"));

    /** Hue from and to in degrees, saturation from and to, brightness from and to. */
    private record Hue(String name, double... range) {}

    private static final List<Hue> HUES = List.of(
            new Hue("red", -10, 6, 0.78, 1, 0.65, 0.95),
            new Hue("orange", 20, 33, 0.85, 1, 0.9, 1),
            new Hue("yellow", 48, 58, 0.75, 1, 0.9, 1),
            new Hue("green", 95, 150, 0.55, 1, 0.35, 0.8),
            new Hue("blue", 205, 240, 0.6, 1, 0.5, 0.95),
            new Hue("purple", 268, 288, 0.5, 0.9, 0.4, 0.8),
            new Hue("pink", 320, 342, 0.3, 0.65, 0.92, 1),
            new Hue("brown", 18, 30, 0.55, 0.8, 0.28, 0.5),
            new Hue("black", 0, 360, 0, 0.3, 0, 0.12),
            new Hue("white", 0, 360, 0, 0.04, 0.95, 1),
            new Hue("gray", 0, 360, 0, 0.06, 0.42, 0.66));

    private static final List<String> WORDS = List.of(
            "big sale",
            "sale",
            "new",
            "free shipping",
            "50% off",
            "20% off",
            "summer sale",
            "black friday",
            "thank you",
            "win",
            "coming soon",
            "new arrivals",
            "open now",
            "join us",
            "hello",
            "best price",
            "limited offer",
            "happy birthday",
            "good morning",
            "save the date",
            "order now",
            "enjoy",
            "welcome",
            "we are hiring");

    private final Pictograms pictograms = new Pictograms();

    /** Main objects that there are. */
    public List<String> subjects() {
        return pictograms.subjects();
    }

    /** The picture of a number, 0 or more. */
    public RenderedPicture render(Split split, long number) {
        return new Scene(split, new Random(number * 7919 + split.ordinal() * 104_729L + 17)).draw();
    }

    private final class Scene {
        private final Split split;
        private final Random random;

        Scene(Split split, Random random) {
            this.split = split;
            this.random = random;
            random.nextInt();
        }

        RenderedPicture draw() {
            int width = 200 + random.nextInt(160);
            int height = 200 + random.nextInt(160);
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);

            Hue ground = pick(HUES);
            Hue hue = other(ground, null);
            String backdrop = ground(g, ground, width, height);

            String words = random.nextInt(5) < 2 ? pick(WORDS) : "";
            double top = 0;
            double room = height;
            if (!words.isEmpty()) {
                room = height * 0.72;
                boolean above = random.nextBoolean();
                top = above ? height - room : 0;
                write(g, words, other(ground, null), width, above ? 0 : room, height - room);
            }
            String place = "";
            double centreX = width * (0.4 + 0.2 * random.nextDouble());
            double centreY = top + room * (0.45 + 0.1 * random.nextDouble());
            double size = Math.min(width, room) * (0.55 + 0.35 * random.nextDouble());
            if (random.nextInt(5) == 0) {
                Hue plate = other(ground, hue);
                boolean round = random.nextBoolean();
                size *= round ? 0.68 : 0.78;
                double side = size * (round ? 1.5 : 1.28);
                g.setColor(color(plate));
                g.fill(
                        round
                                ? new Ellipse2D.Double(centreX - side / 2, centreY - side / 2, side, side)
                                : new RoundRectangle2D.Double(
                                        centreX - side / 2, centreY - side / 2, side, side, side / 6, side / 6));
                place = " in a " + plate.name() + (round ? " circle" : " square");
            }
            String subject = pick(pictograms.subjects());
            int variant = random.nextInt(pictograms.variants(subject, split));
            boolean mirrored = random.nextInt(3) == 0;
            int count = place.isEmpty() && random.nextInt(8) == 0 ? 2 + random.nextInt(2) : 1;
            BufferedImage silhouette = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            Graphics2D s = silhouette.createGraphics();
            s.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setColor(color(hue));
            for (int i = 0; i < count; i++) {
                double across = count == 1 ? centreX : width * (i + 0.5) / count;
                double length = count == 1 ? size : Math.min(size, width / (count + 0.25));
                AffineTransform to = AffineTransform.getTranslateInstance(across, centreY);
                if (random.nextInt(3) == 0) {
                    to.rotate(random.nextGaussian() * 0.12);
                }
                double stretch = Math.exp(random.nextGaussian() * 0.1);
                to.shear(random.nextInt(4) == 0 ? random.nextGaussian() * 0.1 : 0, 0);
                to.scale(length * Math.min(1, stretch) * (mirrored ? -1 : 1), length * Math.min(1, 1 / stretch));
                Shape thing = to.createTransformedShape(pictograms.outline(subject, split, variant));
                g.fill(thing);
                s.fill(thing);
            }
            s.dispose();
            g.dispose();
            image = weathered(image);
            return described(image, silhouette, subject, hue.name(), count, place, backdrop, words);
        }

        private RenderedPicture described(
                BufferedImage image,
                BufferedImage silhouette,
                String subject,
                String color,
                int count,
                String place,
                String backdrop,
                String words) {
            String things = count == 1
                    ? article(color) + " " + color + " " + subject
                    : (count == 2 ? "two " : "three ") + color + " " + plural(subject);
            String text = words.isEmpty() ? "" : " with the words " + words;
            String caption = things + place + " on " + article(backdrop) + " " + backdrop + " background" + text;
            List<String> references = new ArrayList<>(List.of(
                    caption,
                    "a picture of " + things + place + text,
                    article(backdrop) + " " + backdrop + " background with " + things + place
                            + (words.isEmpty() ? "" : " and the words " + words)));
            return new RenderedPicture(image, caption, references, subject, color, words, silhouette);
        }

        private static String plural(String subject) {
            return subject.endsWith("s") ? subject : subject.endsWith("sh") ? subject + "es" : subject + "s";
        }

        private static String article(String word) {
            return "aeiou".indexOf(word.charAt(0)) >= 0 ? "an" : "a";
        }

        private String ground(Graphics2D g, Hue hue, int width, int height) {
            Color first = color(hue);
            String name = hue.name();
            switch (random.nextInt(4)) {
                case 0 -> {
                    Color second = blend(first, random.nextBoolean() ? Color.WHITE : Color.BLACK, 0.25);
                    g.setPaint(new GradientPaint(0, 0, first, random.nextInt(width), height, second));
                    g.fill(new Rectangle2D.Double(0, 0, width, height));
                }
                case 1 -> {
                    g.setColor(first);
                    g.fillRect(0, 0, width, height);
                    g.setComposite(AlphaComposite.SrcOver.derive(0.25f));
                    g.setColor(blend(first, random.nextBoolean() ? Color.WHITE : Color.BLACK, 0.5));
                    for (int i = 0; i < 6; i++) {
                        int side = 10 + random.nextInt(60);
                        g.fillOval(random.nextInt(width), random.nextInt(height), side, side);
                    }
                    g.setComposite(AlphaComposite.SrcOver);
                }
                default -> {
                    g.setColor(first);
                    g.fillRect(0, 0, width, height);
                }
            }
            return name;
        }

        private void write(Graphics2D g, String words, Hue hue, int width, double top, double room) {
            g.setColor(color(hue));
            String text = random.nextBoolean() ? words.toUpperCase(java.util.Locale.ROOT) : words;
            Font font = new Font(pick(TYPEFACES.get(split)), random.nextBoolean() ? Font.BOLD : Font.PLAIN, 100);
            Rectangle2D box = g.getFontMetrics(font).getStringBounds(text, g);
            double scale = Math.min(width * 0.88 / box.getWidth(), room * 0.7 / box.getHeight());
            g.setFont(font.deriveFont((float) (100 * scale)));
            double left = (width - box.getWidth() * scale) / 2;
            g.drawString(text, (float) left, (float) (top + room / 2 + box.getHeight() * scale * 0.3));
        }

        private BufferedImage weathered(BufferedImage image) {
            BufferedImage result = image;
            if (random.nextInt(5) == 0) {
                float[] box = new float[9];
                java.util.Arrays.fill(box, 1 / 9f);
                result = new ConvolveOp(new Kernel(3, 3, box), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
            }
            if (random.nextInt(4) == 0) {
                double spread = 4 + 8 * random.nextDouble();
                for (int y = 0; y < result.getHeight(); y++) {
                    for (int x = 0; x < result.getWidth(); x++) {
                        result.setRGB(x, y, noisy(result.getRGB(x, y), (int) (spread * random.nextGaussian())));
                    }
                }
            }
            return result;
        }

        private static int noisy(int rgb, int by) {
            int r = Math.clamp((rgb >> 16 & 0xFF) + by, 0, 255);
            int g = Math.clamp((rgb >> 8 & 0xFF) + by, 0, 255);
            int b = Math.clamp((rgb & 0xFF) + by, 0, 255);
            return r << 16 | g << 8 | b;
        }

        /** A hue that stands out from a ground and is not another one. */
        private Hue other(Hue ground, Hue not) {
            while (true) {
                Hue hue = pick(HUES);
                if (hue != ground && hue != not && apart(hue.name(), ground.name())) {
                    return hue;
                }
            }
        }

        private static boolean apart(String a, String b) {
            List<String> pair = List.of(a, b);
            return !pair.containsAll(List.of("black", "brown"))
                    && !pair.containsAll(List.of("white", "yellow"))
                    && !pair.containsAll(List.of("orange", "red"))
                    && !pair.containsAll(List.of("orange", "yellow"));
        }

        private Color color(Hue hue) {
            double[] r = hue.range();
            return Color.getHSBColor(
                    (float) (between(r[0], r[1]) / 360), (float) between(r[2], r[3]), (float) between(r[4], r[5]));
        }

        private static Color blend(Color a, Color b, double share) {
            return new Color(
                    (int) (a.getRed() * (1 - share) + b.getRed() * share),
                    (int) (a.getGreen() * (1 - share) + b.getGreen() * share),
                    (int) (a.getBlue() * (1 - share) + b.getBlue() * share));
        }

        private double between(double from, double to) {
            return from + random.nextDouble() * (to - from);
        }

        private <T> T pick(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }
    }
}
