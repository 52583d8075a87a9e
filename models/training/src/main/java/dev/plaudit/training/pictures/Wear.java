package dev.plaudit.training.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.DataBufferInt;
import java.awt.image.Kernel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What a picture suffers on its way: blur, noise and JPEG, each now and then. */
final class Wear {
    private Wear() {}

    static BufferedImage apply(BufferedImage image, Random random) {
        BufferedImage worn = image;
        if (random.nextInt(5) == 0) {
            worn = blurred(worn);
        }
        if (random.nextInt(5) == 0) {
            addNoise(worn, 3 + 9 * random.nextDouble(), random);
        }
        if (random.nextInt(6) == 0) {
            worn = compressed(worn, 0.2f + 0.6f * random.nextFloat());
        }
        return worn;
    }

    private static BufferedImage blurred(BufferedImage image) {
        float[] box = new float[9];
        Arrays.fill(box, 1 / 9f);
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        return new ConvolveOp(new Kernel(3, 3, box), ConvolveOp.EDGE_NO_OP, null).filter(image, result);
    }

    private static void addNoise(BufferedImage image, double spread, Random random) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < pixels.length; i++) {
            int by = (int) (spread * (random.nextFloat() + random.nextFloat() + random.nextFloat() - 1.5f) * 2);
            int red = Math.clamp((pixels[i] >> 16 & 0xFF) + by, 0, 255);
            int green = Math.clamp((pixels[i] >> 8 & 0xFF) + by, 0, 255);
            int blue = Math.clamp((pixels[i] & 0xFF) + by, 0, 255);
            pixels[i] = red << 16 | green << 8 | blue;
        }
    }

    private static BufferedImage compressed(BufferedImage image, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam options = writer.getDefaultWriteParam();
            options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            options.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), options);
            out.flush();
            return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }
}
