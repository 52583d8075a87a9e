package dev.plaudit.local;

import dev.plaudit.events.Media;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures drawn for a test. */
final class Pictures {
    private static final int SIDE = 240;

    private Pictures() {}

    /** A disc of a colour on a white ground, as a PNG file. */
    static Path disc(Color color, Path file) throws IOException {
        return Files.write(file, disc(color));
    }

    /** The same as a photo that carries its bytes. */
    static Media photo(Color color) {
        return Media.photo("data:image/png;base64," + Base64.getEncoder().encodeToString(disc(color)));
    }

    private static byte[] disc(Color color) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(color);
        graphics.fillOval(SIDE / 5, SIDE / 5, SIDE * 3 / 5, SIDE * 3 / 5);
        graphics.dispose();
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
