package dev.plaudit.training.pictures;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;

/** A picture under way, and the chance that decides on its details. */
final class Canvas implements AutoCloseable {
    private static final int LEAST_SIDE = 120;
    private static final int MOST_SIDE = 200;

    private final Split split;
    private final Random random;
    private final BufferedImage image;
    private final Graphics2D g;

    Canvas(Split split, Random random) {
        this.split = split;
        this.random = random;
        this.image = new BufferedImage(side(), side(), BufferedImage.TYPE_INT_RGB);
        this.g = graphics(image);
    }

    private int side() {
        return LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        return g;
    }

    BufferedImage image() {
        return image;
    }

    Split split() {
        return split;
    }

    Random random() {
        return random;
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    void fill(Hue hue, Shape shape) {
        g.setColor(hue.color(random));
        g.fill(shape);
    }

    /** Covers everything: plain, graded, spotted or striped. */
    void ground(Hue hue) {
        Color color = hue.color(random);
        Color other = blend(color, random.nextBoolean() ? Color.WHITE : Color.BLACK);
        Rectangle2D all = new Rectangle2D.Double(0, 0, width(), height());
        g.setColor(color);
        g.fill(all);
        switch (random.nextInt(5)) {
            case 0 -> {
                g.setPaint(new GradientPaint(0, 0, color, random.nextInt(width()), height(), other));
                g.fill(all);
            }
            case 1 -> {
                g.setColor(other);
                for (int i = 0; i < 6; i++) {
                    int side = 5 + random.nextInt(width() / 5);
                    g.fillOval(random.nextInt(width()), random.nextInt(height()), side, side);
                }
            }
            case 2 -> {
                g.setColor(other);
                int step = 8 + random.nextInt(16);
                boolean level = random.nextBoolean();
                for (int at = 0; at < Math.max(width(), height()); at += step) {
                    g.fillRect(level ? 0 : at, level ? at : 0, level ? width() : step / 2, level ? step / 2 : height());
                }
            }
            default -> {}
        }
    }

    /** A shade of a colour that still goes by its name. */
    private static Color blend(Color color, Color with) {
        return new Color(
                (color.getRed() * 5 + with.getRed()) / 6,
                (color.getGreen() * 5 + with.getGreen()) / 6,
                (color.getBlue() * 5 + with.getBlue()) / 6);
    }

    /** A line all around. */
    void frame(Hue hue) {
        g.setColor(hue.color(random));
        g.setStroke(new BasicStroke(2 + random.nextInt(3)));
        int margin = 3 + random.nextInt(4);
        g.drawRect(margin, margin, width() - 2 * margin, height() - 2 * margin);
    }

    /**
     * A place for the main thing on the upper part of the canvas, now and then off centre.
     *
     * @param share how much of the height it may take
     */
    Rectangle2D rest(double share) {
        double size = 0.65 + 0.3 * random.nextDouble();
        double w = width() * size;
        double h = height() * share * size;
        return new Rectangle2D.Double(
                (width() - w) * (0.3 + 0.4 * random.nextDouble()),
                (height() * share - h) * (0.3 + 0.4 * random.nextDouble()),
                w,
                h);
    }

    /** Writes large words above or below, and gives the place that they leave. */
    Rectangle2D slogan(String words, Hue hue) {
        double line = height() * (0.14 + 0.06 * random.nextDouble());
        boolean above = random.nextBoolean();
        double top = above ? height() * 0.06 : height() * 0.94 - line;
        g.setColor(hue.color(random));
        Lettering.write(g, words, new Rectangle2D.Double(width() * 0.08, top, width() * 0.84, line), split, random);
        double room = height() * 0.88 - line;
        Rectangle2D box = rest(room / height());
        double down = above ? height() - room : 0;
        return new Rectangle2D.Double(box.getX(), box.getY() + down, box.getWidth(), box.getHeight());
    }

    /** A place for a thing that stands on a line. */
    Rectangle2D standing(double foot) {
        double size = Math.min(width(), foot) * (0.65 + 0.25 * random.nextDouble());
        double x = (width() - size) * (0.35 + 0.3 * random.nextDouble());
        return new Rectangle2D.Double(x, foot - size, size, size);
    }

    /** A soft shadow at the foot of a box. */
    void shadow(Rectangle2D box) {
        g.setComposite(AlphaComposite.SrcOver.derive(0.3f));
        g.setColor(Color.BLACK);
        double h = box.getHeight() * 0.1;
        g.fill(new Ellipse2D.Double(box.getX(), box.getMaxY() - h / 2, box.getWidth(), h));
        g.setComposite(AlphaComposite.SrcOver);
    }

    /** Rolling land from a horizon down. */
    void hills(Hue hue, double horizon) {
        double swell = height() * 0.12 * (random.nextDouble() - 0.5);
        Path2D land = new Path2D.Double();
        land.moveTo(0, horizon);
        land.curveTo(width() * 0.3, horizon - swell, width() * 0.6, horizon + swell, width(), horizon);
        land.lineTo(width(), height());
        land.lineTo(0, height());
        land.closePath();
        fill(hue, land);
    }

    /** A tag with words in an upper corner, and the place that it leaves. */
    Rectangle2D tag(Hue hue, String words) {
        double side = Math.min(width(), height()) * (0.3 + 0.06 * random.nextDouble());
        boolean right = random.nextBoolean();
        Rectangle2D box = new Rectangle2D.Double(right ? width() - side * 1.05 : side * 0.05, side * 0.05, side, side);
        fill(hue, random.nextBoolean() ? new Ellipse2D.Double(box.getX(), box.getY(), side, side) : box);
        g.setColor(Hue.apartFrom(random, hue).color(random));
        Lettering.write(
                g,
                words,
                new Rectangle2D.Double(box.getX() + side * 0.12, box.getY() + side * 0.3, side * 0.76, side * 0.4),
                split,
                random);
        double rest = Math.min(width(), height() - side) * (0.85 + 0.1 * random.nextDouble());
        double x = (width() - rest) * (right ? 0.3 : 0.7);
        return new Rectangle2D.Double(x, height() * 0.97 - rest, rest, rest);
    }

    /**
     * Fills a shape with a colour, plain or graded.
     *
     * @param line width of a line around it, by which it grows
     */
    void paint(Hue hue, Shape shape, float line) {
        Color color = hue.color(random);
        Rectangle2D box = shape.getBounds2D();
        Color foot = random.nextInt(3) == 0 ? blend(color, Color.BLACK) : color;
        g.setPaint(new GradientPaint(0, (float) box.getY(), color, 0, (float) box.getMaxY() + 1, foot));
        fill(g, shape, line);
    }

    /** The same shape in white on black, on a picture of the same size. */
    BufferedImage mask(Shape shape, float line) {
        BufferedImage mask = new BufferedImage(width(), height(), BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D white = graphics(mask);
        white.setColor(Color.WHITE);
        fill(white, shape, line);
        white.dispose();
        return mask;
    }

    private static void fill(Graphics2D g, Shape shape, float line) {
        g.fill(shape);
        if (line > 0) {
            g.setStroke(new BasicStroke(line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(shape);
        }
    }

    @Override
    public void close() {
        g.dispose();
    }
}
