package dev.plaudit.training.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws marketing flyers for the measuring of OCR: one to six lines of offers in several fonts and sizes, turned by up to
 * 15°, at half to full contrast, on plain, graded and photo-like grounds. The same seed gives the same flyer on machines
 * with the same fonts. Thread-safe.
 */
public final class FlyerRenderer {
    private static final int LEAST_SIDE = 400;
    private static final int MOST_SIDE = 1400;
    private static final int MOST_LINES = 6;
    private static final int LEAST_FONT = 20;
    private static final double MOST_TURN = Math.toRadians(15);

    /** How far a line is from its ground, of 255 gray values, at contrast 1. */
    private static final int FULL_CONTRAST = 220;

    private static final List<String> WORDS = List.of(
            "sale",
            "new",
            "fresh",
            "coffee",
            "bread",
            "open",
            "today",
            "summer",
            "winter",
            "offer",
            "free",
            "shop",
            "now",
            "weekend",
            "only",
            "save",
            "members",
            "join",
            "us",
            "live",
            "music",
            "pizza",
            "night",
            "happy",
            "hour",
            "book",
            "your",
            "seat",
            "early",
            "travel",
            "deals",
            "from",
            "every",
            "friday",
            "grand",
            "opening",
            "limited",
            "edition",
            "order",
            "online",
            "delivered",
            "best",
            "price",
            "gift",
            "cards",
            "discover",
            "the",
            "collection",
            "spring",
            "running",
            "shoes",
            "organic",
            "juice",
            "garden",
            "party",
            "tickets",
            "workshop",
            "learn",
            "more",
            "handmade",
            "leather",
            "bags",
            "all",
            "day",
            "breakfast");
    private static final List<String> FIGURES =
            List.of("50%", "20%", "$9.99", "2026", "24/7", "7 pm", "3 for 2", "100");
    private static final List<String> FAMILIES = families();

    /** The installed families for Latin text, in the order of their names; the logical ones when there are no others. */
    private static List<String> families() {
        List<String> installed = Arrays.stream(
                        GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames())
                .filter(family -> family.startsWith("DejaVu") || family.startsWith("Liberation"))
                .toList();
        return installed.isEmpty() ? List.of(Font.SANS_SERIF, Font.SERIF, Font.MONOSPACED) : installed;
    }

    /** The flyer of a seed. */
    public RenderedFlyer render(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = random.nextInt(LEAST_SIDE, MOST_SIDE);
        int height = random.nextInt(LEAST_SIDE, MOST_SIDE);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        boolean dark = random.nextBoolean();
        paintGround(graphics, width, height, dark, random);
        List<String> lines = paintLines(graphics, width, height, dark, random);
        graphics.dispose();
        return new RenderedFlyer(image, lines);
    }

    private static Color near(int gray, SplittableRandom random) {
        int[] channels = IntStream.range(0, 3)
                .map(i -> Math.clamp(gray + random.nextInt(-15, 16), 0, 255))
                .toArray();
        return new Color(channels[0], channels[1], channels[2]);
    }

    private static void paintGround(Graphics2D graphics, int width, int height, boolean dark, SplittableRandom random) {
        int gray = dark ? 25 : 230;
        graphics.setPaint(
                random.nextBoolean()
                        ? near(gray, random)
                        : new GradientPaint(0, 0, near(gray, random), width, height, near(gray, random)));
        graphics.fillRect(0, 0, width, height);
        if (random.nextInt(3) == 0) {
            for (int i = 0; i < 60; i++) {
                Color color = near(gray, random);
                graphics.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 120));
                int size = random.nextInt(30, 250);
                graphics.fillOval(random.nextInt(width) - size / 2, random.nextInt(height) - size / 2, size, size);
            }
        }
        if (random.nextInt(4) == 0) {
            graphics.setColor(near(dark ? 90 : 160, random));
            graphics.setStroke(new BasicStroke(random.nextInt(2, 8)));
            graphics.drawRect(8, 8, width - 16, height - 16);
        }
    }

    private static List<String> paintLines(
            Graphics2D graphics, int width, int height, boolean dark, SplittableRandom random) {
        double turn = random.nextBoolean() ? 0 : random.nextDouble(-MOST_TURN, MOST_TURN);
        double contrast = random.nextDouble(0.5, 1);
        int gray = (int) (dark ? 25 + contrast * FULL_CONTRAST : 230 - contrast * FULL_CONTRAST);
        graphics.setColor(near(gray, random));
        graphics.rotate(turn, width / 2.0, height / 2.0);
        // The largest box that stays inside the picture when it is turned.
        double shrink = 1 - Math.abs(Math.sin(turn)) * Math.max(width, height) / Math.min(width, height);
        double boxWidth = width * 0.9 * Math.max(shrink, 0.35);
        double boxHeight = height * 0.9 * Math.max(shrink, 0.35);
        int count = random.nextInt(1, MOST_LINES + 1);
        String family = FAMILIES.get(random.nextInt(FAMILIES.size()));
        int style = random.nextInt(4);
        double room = boxHeight / count;
        double top = (height - boxHeight) / 2;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String line = line(random);
            int size = (int) Math.max(LEAST_FONT, Math.min(room * 0.6, random.nextInt(LEAST_FONT, 120)));
            FontMetrics metrics = graphics.getFontMetrics(new Font(family, style, size));
            if (metrics.stringWidth(line) > boxWidth) {
                size = (int) (size * boxWidth / metrics.stringWidth(line));
                metrics = graphics.getFontMetrics(new Font(family, style, size));
            }
            if (size >= LEAST_FONT && metrics.getHeight() <= room) {
                graphics.setFont(metrics.getFont());
                double spare = boxWidth - metrics.stringWidth(line);
                float x = (float) ((width - boxWidth) / 2 + random.nextDouble() * spare);
                graphics.drawString(line, x, (float) (top + i * room + metrics.getAscent()));
                lines.add(line);
            }
        }
        return lines;
    }

    private static String line(SplittableRandom random) {
        int form = random.nextInt(4);
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            String word = random.nextInt(8) == 0
                    ? FIGURES.get(random.nextInt(FIGURES.size()))
                    : WORDS.get(random.nextInt(WORDS.size()));
            words.add(form == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word);
        }
        String line = String.join(" ", words);
        return switch (form) {
            case 1 -> line.toUpperCase(java.util.Locale.ROOT);
            case 2 -> Character.toUpperCase(line.charAt(0)) + line.substring(1) + "!";
            default -> line;
        };
    }
}
