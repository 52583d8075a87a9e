package dev.plaudit.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bitstream of a WebP file's picture, and the size that its own header says: the decoder makes room for that, whatever
 * the canvas or the frame around it (RFC 9649, section 2; RFC 6386, section 9.1).
 *
 * @param lossy whether it is VP8, not VP8L
 * @param lossless where the lossless parts begin, after their headers: of the picture, or of its alpha channel
 */
record WebPBitstream(boolean lossy, int width, int height, List<Integer> lossless) {
    private static final int ANIMATION = 0x02;
    private static final int ALPHA_COMPRESSION = 0x03;

    /**
     * Finds it: in an animation that of the first frame.
     *
     * @throws IOException when there is none, or more than one
     * @throws IndexOutOfBoundsException when the file ends too early
     */
    static WebPBitstream of(byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean animated = fourCC(file, 12).equals("VP8X") && (in.get(20) & ANIMATION) != 0;
        long end = 8 + Integer.toUnsignedLong(in.getInt(4));
        List<Integer> lossless = new ArrayList<>();
        WebPBitstream found = null;
        long at = 12;
        while (at < end && at + 8 <= file.length) {
            String type = fourCC(file, (int) at);
            int data = (int) at + 8;
            long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
            if (type.equals("VP8 ") || type.equals("VP8L")) {
                if (found != null) {
                    throw new IOException("two pictures in one");
                }
                found = type.equals("VP8 ") ? vp8(in, data, lossless) : vp8l(in, data, lossless);
            }
            if (type.equals("ALPH") && (in.get(data) & ALPHA_COMPRESSION) != 0) {
                lossless.add(data + 1);
            }
            if (type.equals("ANMF") && animated) {
                animated = false;
                end = data + length;
                at = data + 16;
            } else {
                at = data + length + (length & 1);
            }
        }
        if (found == null) {
            throw new IOException("no picture in it");
        }
        return found;
    }

    /**
     * Refuses what its decoder would take more memory for than such a picture needs.
     *
     * @throws IOException when the size is another, or {@link LosslessWebP#check} fails
     * @throws IndexOutOfBoundsException when the file ends too early
     */
    void check(byte[] file, int expectedWidth, int expectedHeight) throws IOException {
        if (width != expectedWidth || height != expectedHeight) {
            throw new IOException("a picture of another size");
        }
        for (int start : lossless) {
            LosslessWebP.check(file, start, width, height);
        }
    }

    /** After a tag and a start code of three bytes each, 14 bits of width and of height, each under two of a scale. */
    private static WebPBitstream vp8(ByteBuffer in, int at, List<Integer> lossless) {
        return new WebPBitstream(true, in.getShort(at + 6) & 0x3FFF, in.getShort(at + 8) & 0x3FFF, lossless);
    }

    /** After a signature of one byte, 14 bits of width and of height, less one each, and four others. */
    private static WebPBitstream vp8l(ByteBuffer in, int at, List<Integer> lossless) {
        int bits = in.getInt(at + 1);
        lossless.add(at + 5);
        return new WebPBitstream(false, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, lossless);
    }

    private static String fourCC(byte[] file, int at) {
        return new String(file, at, 4, StandardCharsets.ISO_8859_1);
    }
}
