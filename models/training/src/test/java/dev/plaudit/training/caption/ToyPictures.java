package dev.plaudit.training.caption;

import dev.plaudit.training.pictures.RenderedPicture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;

/** Discs and bars in three colours, at places that depend on their number. */
final class ToyPictures {
    private static final List<String> COLORS = List.of("red", "green", "blue");
    private static final List<Color> PAINTS = List.of(Color.RED, Color.GREEN, Color.BLUE);

    private ToyPictures() {}

    static RenderedPicture picture(int number) {
        Random random = new Random(number);
        int color = number % COLORS.size();
        boolean disc = number / COLORS.size() % 2 == 0;
        int x = random.nextInt(16);
        Shape shape = disc
                ? new Ellipse2D.Double(x, random.nextInt(8), 16, 16)
                : new Rectangle2D.Double(x, random.nextInt(16), 24, 6);
        BufferedImage image = paint(Color.WHITE, PAINTS.get(color), shape);
        BufferedImage silhouette = paint(Color.BLACK, Color.WHITE, shape);
        String subject = disc ? "disc" : "bar";
        String caption = "a " + COLORS.get(color) + " " + subject + " on white";
        return new RenderedPicture(image, List.of(caption), subject, COLORS.get(color), "", silhouette);
    }

    private static BufferedImage paint(Color ground, Color color, Shape shape) {
        BufferedImage image = new BufferedImage(40, 24, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(ground);
        graphics.fillRect(0, 0, 40, 24);
        graphics.setColor(color);
        graphics.fill(shape);
        graphics.dispose();
        return image;
    }

    static Blip2Shape shape(int vocabulary) {
        return new Blip2Shape(
                24,
                8,
                new Blip2Shape.Tower(2, 16, 2, 32),
                3,
                new Blip2Shape.Tower(2, 16, 2, 32),
                2,
                new Blip2Shape.Tower(2, 24, 3, 32),
                vocabulary,
                32);
    }

    static CaptionTrainingOptions.Builder options(int steps) {
        return CaptionTrainingOptions.builder()
                .steps(steps)
                .pictures(20, 20)
                .batchSize(10)
                .vocabulary(300)
                .learningRate(5e-3)
                .averageDecay(0.9)
                .shift(0)
                .looking(0.2)
                .questions(0.5)
                .mixedPrecision(false)
                .round(steps)
                .validation(20)
                .unseen(20);
    }
}
