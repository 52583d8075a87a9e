package dev.plaudit.media;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Turns a file's bytes into a picture: JPEG (also CMYK), PNG (also 16 bit), GIF and animated files (the first frame),
 * WebP and BMP, told apart by their content. Upright by its EXIF orientation, over white where it is transparent. Pictures
 * that are decoded and in use at a time share the memory that there is for them. Thread-safe.
 */
final class PictureDecoder {
    /** A larger picture is read with every second, third … pixel only: nobody here looks at more. */
    private static final long KEPT_PIXELS = 16_000_000;

    private static final List<String> JDK_FORMATS = List.of("png", "gif", "bmp");

    private final List<ImageReaderSpi> formats;
    private final long maxPixels;
    private final int maxSide;
    private final long maxMemory;
    private final Semaphore kibibytes;

    PictureDecoder(MediaConfig config) {
        maxPixels = config.maxPixels();
        maxSide = config.maxSide();
        maxMemory = config.maxMemory();
        kibibytes = new Semaphore(kibibytes(maxMemory), true);
        // Named one by one: what the registry finds depends on the class loader that asks first.
        IIORegistry registry = IIORegistry.getDefaultInstance();
        JPEGImageReaderSpi jpeg = new JPEGImageReaderSpi();
        registry.registerServiceProvider(jpeg);
        formats = Stream.concat(
                        Stream.of(jpeg, new WebPImageReaderSpi()),
                        JDK_FORMATS.stream().map(PictureDecoder::ofJdk))
                .toList();
    }

    private static int kibibytes(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, 1024));
    }

    private static ImageReaderSpi ofJdk(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReaderSpi spi = readers.next().getOriginatingProvider();
            if (spi.getClass().getName().startsWith("com.sun.imageio.")) {
                return spi;
            }
        }
        throw new IllegalStateException("this Java runtime cannot read " + format);
    }

    /**
     * Decodes a file, when there is memory for it.
     *
     * @param use takes the picture, which is {@link BufferedImage#TYPE_INT_RGB}; not to keep it
     * @return what {@code use} made of it
     * @throws UnavailableException when it is no picture, damaged, or larger than the limits
     */
    <T> T decode(byte[] bytes, Function<BufferedImage, T> use) throws UnavailableException, InterruptedException {
        if (bytes.length == 0) {
            throw new UnavailableException("it is empty");
        }
        ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
        ImageReader reader = undamaged(() -> reader(in));
        try {
            int reserved = kibibytes(undamaged(() -> memory(reader, bytes)));
            kibibytes.acquire(reserved);
            try {
                return use.apply(undamaged(() -> upright(opaque(read(reader)), ExifOrientation.of(bytes))));
            } finally {
                kibibytes.release(reserved);
            }
        } finally {
            reader.dispose();
        }
    }

    private interface Reading<T> {
        T read() throws IOException, UnavailableException;
    }

    private static <T> T undamaged(Reading<T> reading) throws UnavailableException {
        try {
            return reading.read();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new UnavailableException("it is damaged", e);
        }
    }

    private ImageReader reader(ImageInputStream in) throws IOException, UnavailableException {
        for (ImageReaderSpi format : formats) {
            if (format.canDecodeInput(in)) {
                ImageReader reader = format.createReaderInstance();
                reader.setInput(in, true, true);
                return reader;
            }
        }
        throw new UnavailableException("it is no JPEG, PNG, GIF, WebP or BMP");
    }

    /** How much memory the picture takes, once it is known to be within the limits. */
    private long memory(ImageReader reader, byte[] bytes) throws IOException, UnavailableException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        long pixels = (long) width * height;
        if (width > maxSide || height > maxSide || pixels > maxPixels) {
            throw tooLarge(width, height);
        }
        if (reader.getOriginatingProvider() instanceof WebPImageReaderSpi) {
            WebPBitstream.of(bytes).check(bytes, width, height);
        }
        int step = step(width, height);
        long memory = DecodingMemory.of(reader, bytes, pixels, Math.ceilDiv(pixels, step * step));
        if (memory > maxMemory) {
            throw tooLarge(width, height);
        }
        return memory;
    }

    private static UnavailableException tooLarge(int width, int height) {
        return new UnavailableException("it has %,d × %,d pixels, more than is looked at".formatted(width, height));
    }

    private static int step(int width, int height) {
        return (int) Math.ceil(Math.sqrt((double) width * height / KEPT_PIXELS));
    }

    private static BufferedImage read(ImageReader reader) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        int step = step(reader.getWidth(0), reader.getHeight(0));
        if (step > 1) {
            param.setSourceSubsampling(step, step, 0, 0);
        }
        return reader.read(0, param);
    }

    /** Over white, 8 bits a channel. */
    private static BufferedImage opaque(BufferedImage picture) {
        ColorModel colors = picture.getColorModel();
        if (!(colors instanceof IndexColorModel) && colors.getNumColorComponents() == 1) {
            return ofGray(picture);
        }
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.drawImage(picture, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return opaque;
    }

    /** By hand: Java2D takes gray values of 16 bits for linear light, and would brighten them. */
    private static BufferedImage ofGray(BufferedImage picture) {
        Raster raster = picture.getRaster();
        int bits = picture.getColorModel().getComponentSize(0);
        boolean alpha = picture.getColorModel().hasAlpha();
        double scale = 255.0 / ((1L << bits) - 1);
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                double gray = raster.getSample(x, y, 0) * scale;
                double cover = alpha ? raster.getSample(x, y, 1) * scale / 255 : 1;
                int value = (int) Math.round(gray * cover + 255 * (1 - cover));
                opaque.setRGB(x, y, value << 16 | value << 8 | value);
            }
        }
        return opaque;
    }

    /** Orientation as EXIF 2.32 defines it, tag 0x0112: which sides row 0 and column 0 are. */
    private static BufferedImage upright(BufferedImage picture, int orientation) {
        double w = picture.getWidth();
        double h = picture.getHeight();
        AffineTransform turn =
                switch (orientation) {
                    case 2 -> new AffineTransform(-1, 0, 0, 1, w, 0);
                    case 3 -> new AffineTransform(-1, 0, 0, -1, w, h);
                    case 4 -> new AffineTransform(1, 0, 0, -1, 0, h);
                    case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
                    case 6 -> new AffineTransform(0, 1, -1, 0, h, 0);
                    case 7 -> new AffineTransform(0, -1, -1, 0, h, w);
                    case 8 -> new AffineTransform(0, -1, 1, 0, 0, w);
                    default -> null;
                };
        if (turn == null) {
            return picture;
        }
        boolean sideways = orientation >= 5;
        BufferedImage upright = new BufferedImage(
                sideways ? picture.getHeight() : picture.getWidth(),
                sideways ? picture.getWidth() : picture.getHeight(),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = upright.createGraphics();
        graphics.drawImage(picture, turn, null);
        graphics.dispose();
        return upright;
    }
}
