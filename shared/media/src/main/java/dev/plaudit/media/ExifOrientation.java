package dev.plaudit.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * How EXIF 2.32 says that a picture is to be turned, tag 0x0112. Read by hand, for it is all that is wanted: readers of
 * metadata inflate and copy as much as the file claims, which may be gigabytes.
 */
final class ExifOrientation {
    private static final int UPRIGHT = 1;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    /** "Exif", of the preamble that a JPEG, and the WebP of some writers, has before the TIFF structure. */
    private static final int EXIF = 0x45786966;

    private static final int PREAMBLE = 6;

    private ExifOrientation() {}

    /** The orientation, 1 to 8; 1 when a JPEG, PNG or WebP says none, or none that can be read, or for other files. */
    static int of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        try {
            Optional<ByteBuffer> exif =
                    switch (in.getInt(0) >>> 16) {
                        case 0xFFD8 -> ofJpeg(in);
                        case 0x8950 -> ofPng(in);
                        case 0x5249 -> ofWebP(in.order(ByteOrder.LITTLE_ENDIAN));
                        default -> Optional.empty();
                    };
            return exif.map(ExifOrientation::ofTiff).orElse(UPRIGHT);
        } catch (IndexOutOfBoundsException e) {
            return UPRIGHT;
        }
    }

    /** The segment APP1 that starts as EXIF's does, before the first scan. */
    private static Optional<ByteBuffer> ofJpeg(ByteBuffer jpeg) {
        int at = 2;
        while (true) {
            int marker = jpeg.getShort(at) & 0xFFFF;
            int length = jpeg.getShort(at + 2) & 0xFFFF;
            if (marker == 0xFFE1 && jpeg.getInt(at + 4) == EXIF) {
                return Optional.of(jpeg.slice(at + 4, length - 2));
            }
            if (marker < 0xFF00 || marker == 0xFFDA) {
                return Optional.empty();
            }
            at += marker == 0xFFFF ? 1 : 2 + length;
        }
    }

    private static Optional<ByteBuffer> ofPng(ByteBuffer png) {
        long at = 8;
        while (at + 12 <= png.limit()) {
            long length = Integer.toUnsignedLong(png.getInt((int) at));
            if (png.getInt((int) at + 4) == 0x65584966) { // eXIf
                return Optional.of(png.slice((int) at + 8, (int) length));
            }
            at += 12 + length;
        }
        return Optional.empty();
    }

    private static Optional<ByteBuffer> ofWebP(ByteBuffer webP) {
        long at = 12;
        while (at + 8 <= webP.limit()) {
            long length = Integer.toUnsignedLong(webP.getInt((int) at + 4));
            if (webP.getInt((int) at) == 0x46495845) { // EXIF
                return Optional.of(webP.slice((int) at + 8, (int) length));
            }
            at += 8 + length + (length & 1);
        }
        return Optional.empty();
    }

    /** Of the entries of the first directory, 12 bytes each: tag, type, count, value. */
    private static int ofTiff(ByteBuffer exif) {
        ByteBuffer tiff = exif.getInt(0) == EXIF ? exif.slice(PREAMBLE, exif.limit() - PREAMBLE) : exif;
        tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if (tiff.getShort(entry) == TAG && tiff.getShort(entry + 2) == SHORT) {
                return tiff.getShort(entry + 8);
            }
        }
        return UPRIGHT;
    }
}
