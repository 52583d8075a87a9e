package dev.plaudit.ocr;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Pictures with text on them, drawn for the tests. */
final class Drawing {
    final BufferedImage picture;
    private final Graphics2D graphics;

    Drawing(int width, int height, Color background) {
        picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(background);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.BLACK);
    }

    /** Blobs and noise, as a photo out of focus has them. */
    Drawing photo(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            graphics.setColor(new Color(random.nextInt(140), random.nextInt(140), random.nextInt(140), 120));
            int size = 40 + random.nextInt(200);
            graphics.fillOval(
                    random.nextInt(picture.getWidth()) - 100, random.nextInt(picture.getHeight()) - 100, size, size);
        }
        for (int i = 0; i < picture.getWidth() * picture.getHeight() / 4; i++) {
            int x = random.nextInt(picture.getWidth());
            int y = random.nextInt(picture.getHeight());
            Color color = new Color(picture.getRGB(x, y));
            picture.setRGB(x, y, random.nextBoolean() ? color.darker().getRGB() : color.getRGB());
        }
        return this;
    }

    Drawing turned(double degrees) {
        graphics.rotate(Math.toRadians(degrees), picture.getWidth() / 2.0, picture.getHeight() / 2.0);
        return this;
    }

    Drawing text(String text, int size, int x, int baseline, Color color) {
        graphics.setColor(color);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
        graphics.drawString(text, x, baseline);
        return this;
    }
}
