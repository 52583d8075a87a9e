package dev.plaudit.media;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import javax.imageio.ImageReader;

/** How much memory a picture takes, from its file to its use: what each decoder makes room for, a pixel. */
final class DecodingMemory {
    private static final int RGB = 4;

    /** Three channels of coefficients, two bytes each, that a progressive JPEG is put together from. */
    private static final int JPEG = 6;

    /** Three channels of {@code int}, and of bytes. */
    private static final int LOSSLESS_JPEG = 15;

    /** Measured: 28 with what is kept. */
    private static final int LOSSY_WEBP = 20;

    private static final int LOSSLESS_WEBP = 4;

    private DecodingMemory() {}

    /**
     * An upper bound, in bytes.
     *
     * @param reader has the file
     * @param kept how many pixels of it are read
     * @throws IOException when the file is damaged
     */
    static long of(ImageReader reader, byte[] file, long pixels, long kept) throws IOException {
        return switch (reader.getOriginatingProvider()) {
            case JPEGImageReaderSpi _ when hasLosslessFrame(file) -> pixels * (LOSSLESS_JPEG + 2 * RGB);
            case JPEGImageReaderSpi _ -> pixels * JPEG + kept * 2 * RGB;
            case WebPImageReaderSpi _ -> {
                WebPBitstream bitstream = WebPBitstream.of(file);
                yield pixels * (bitstream.lossy() ? LOSSY_WEBP : LOSSLESS_WEBP) + kept * 2 * RGB;
            }
            default -> {
                int bits = reader.getImageTypes(0).next().getColorModel().getPixelSize();
                yield pixels + kept * (Math.max(bits / 8, RGB) + RGB);
            }
        };
    }

    /** A marker SOF3, 7, 11 or 15 (ITU T.81, table B.1), wherever it stands: decoders look for it in ways of their own. */
    private static boolean hasLosslessFrame(byte[] jpeg) {
        for (int i = 1; i < jpeg.length; i++) {
            if (jpeg[i - 1] == (byte) 0xFF && (jpeg[i] & 0xF3) == 0xC3) {
                return true;
            }
        }
        return false;
    }
}
