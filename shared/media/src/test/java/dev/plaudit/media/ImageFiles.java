package dev.plaudit.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Files of pictures, made for the tests. */
final class ImageFiles {
    /** A lossless WebP of one pixel, as the container and bitstream specifications have it. */
    static final String WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

    /** How the four channels of an Adobe JPEG are stored: as inks, or as luma, chroma and black. */
    static final int ADOBE_CMYK = 0;

    static final int ADOBE_YCCK = 2;

    private ImageFiles() {}

    /** An animation of one frame, which is {@link #WEBP}. */
    static byte[] animatedWebP() {
        byte[] still = Base64.getDecoder().decode(WEBP);
        int frame = still.length - 12;
        ByteBuffer file = ByteBuffer.allocate(12 + 18 + 14 + 24 + frame).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(file.capacity() - 8);
        file.put("WEBPVP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10);
        file.putInt(0x12).put(new byte[6]);
        file.put("ANIM".getBytes(StandardCharsets.ISO_8859_1)).putInt(6).put(new byte[6]);
        file.put("ANMF".getBytes(StandardCharsets.ISO_8859_1)).putInt(16 + frame);
        file.put(new byte[16]).put(still, 12, frame);
        return file.array();
    }

    /** A lossy WebP of one colour, in the simple file format. */
    static byte[] lossyWebP(int width, int height) {
        return webP(lossy(width, height));
    }

    /** A lossy WebP in the extended file format, whose canvas, or whose one frame, has sides of its own. */
    static byte[] extendedWebP(boolean animated, int side, int pictureSide) {
        byte[] picture = lossy(pictureSide, pictureSide);
        ByteBuffer canvas = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        canvas.put((byte) (animated ? 2 : 0)).putShort(4, (short) (side - 1)).putShort(7, (short) (side - 1));
        byte[] header = riff("VP8X", canvas.array());
        if (!animated) {
            return webP(header, picture);
        }
        ByteBuffer frame = ByteBuffer.allocate(16 + picture.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putShort(6, (short) (side - 1)).putShort(9, (short) (side - 1)).put(16, picture);
        return webP(header, riff("ANMF", frame.array()));
    }

    /** The chunk of a key frame as RFC 6386 has it, section 9.1, all of whose bits are 0. */
    private static byte[] lossy(int width, int height) {
        int partition = Math.clamp((long) width * height / 24, 2048, 500_000);
        ByteBuffer frame = ByteBuffer.allocate(10 + 2 * partition).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(1 << 4 | partition << 5).put(3, new byte[] {(byte) 0x9D, 1, 0x2A});
        frame.putShort(6, (short) width).putShort(8, (short) height);
        return riff("VP8 ", frame.array());
    }

    /** A lossless WebP of 4000 x 4000 pixels that has a predictor many times, each with a mode for every 4 x 4 pixels. */
    static byte[] repeatedPredictors(int times) {
        return webP(riff(
                "VP8L",
                predictors(new BitWriter(0x2F).add(3999, 14).add(3999, 14).add(0, 4), times)));
    }

    /** The same in the alpha channel of a lossy WebP. */
    static byte[] repeatedPredictorsOfAlpha(int times) {
        byte[] canvas = {0x10, 0, 0, 0, (byte) 0xE7, 3, 0, (byte) 0xE7, 3, 0};
        byte[] alpha = predictors(new BitWriter(1), times);
        return webP(riff("VP8X", canvas), riff("ALPH", alpha), lossy(1000, 1000));
    }

    private static byte[] predictors(BitWriter bits, int times) {
        for (int i = 0; i < times; i++) {
            bits.add(1, 1).add(0, 2).add(0, 3).add(0, 1);
            singleSymbols(bits);
        }
        bits.add(0, 1).add(0, 1).add(0, 1);
        singleSymbols(bits);
        return bits.bytes();
    }

    /** A lossless WebP of one pixel that has 65,536 groups of prefix codes. */
    static byte[] prefixCodes() {
        BitWriter bits = new BitWriter(0x2F)
                .add(0, 14)
                .add(0, 14)
                .add(0, 4)
                .add(0, 2)
                .add(1, 1)
                .add(0, 3)
                .add(0, 1);
        bits.add(0b101, 3).add(255, 8).add(0b101, 3).add(255, 8);
        for (int i = 0; i < 3; i++) {
            bits.add(1, 4);
        }
        for (int group = 0; group < 65_536; group++) {
            singleSymbols(bits);
        }
        return webP(riff("VP8L", bits.bytes()));
    }

    /** A group of prefix codes of one symbol each, 0. */
    private static void singleSymbols(BitWriter bits) {
        for (int i = 0; i < 5; i++) {
            bits.add(1, 4);
        }
    }

    /** Bits after a first byte, the lowest of each byte first. */
    private static final class BitWriter {
        private final BitSet bits;
        private int length = 8;

        BitWriter(int first) {
            bits = BitSet.valueOf(new long[] {first});
        }

        BitWriter add(long value, int count) {
            for (int i = 0; i < count; i++) {
                bits.set(length++, (value >> i & 1) == 1);
            }
            return this;
        }

        byte[] bytes() {
            return Arrays.copyOf(bits.toByteArray(), length / 8 + 9);
        }
    }

    private static byte[] webP(byte[]... chunks) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] chunk : chunks) {
            form.writeBytes(chunk);
        }
        return riff("RIFF", form.toByteArray());
    }

    private static byte[] riff(String type, byte[] data) {
        return ByteBuffer.allocate(8 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(data.length)
                .put(data)
                .array();
    }

    /** Red left, blue right. */
    static BufferedImage halves(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return picture;
    }

    static byte[] file(BufferedImage picture, String format) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(picture, format, out)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] halves(String format) {
        return file(halves(32, 16, BufferedImage.TYPE_INT_RGB), format);
    }

    /** A JPEG whose EXIF says how it is to be turned. */
    static byte[] oriented(BufferedImage picture, int orientation) {
        return jpeg(picture, bytes("Exif\0\0", exif(orientation)));
    }

    /** A PNG whose EXIF says how it is to be turned. */
    static byte[] orientedPng(BufferedImage picture, int orientation) {
        return png(file(picture, "png"), "eXIf", exif(orientation));
    }

    /** A lossy WebP whose EXIF says how it is to be turned. */
    static byte[] orientedWebP(int width, int height, int orientation) {
        return webP(lossy(width, height), riff("EXIF", exif(orientation)));
    }

    private static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    /** Pictures of one pixel, by name, whose metadata would take gigabytes. */
    static Map<String, byte[]> metadataBombs() {
        byte[] pixel = png(1, 1, 8, 2, new byte[] {1, 2, 3});
        byte[] palette = png(png(1, 1, 8, 3, new byte[] {0}), "PLTE", new byte[] {1, 2, 3});
        byte[] zeros = deflatedZeros(4096);
        byte[] text = bytes("a\0\0", zeros);
        String xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                + "<r:Description xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='" + "A".repeat(32)
                + "'/></r:RDF></x:xmpmeta>";
        byte[] length = {0x7F, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0, 0, 0};
        return Map.of(
                "PNG, zTXt", png(pixel, "zTXt", text),
                "PNG, iTXt", png(pixel, "iTXt", bytes("a\0\1\0\0\0", zeros)),
                "PNG, palette, zTXt", png(palette, "zTXt", text),
                "PNG, eXIf", png(pixel, "eXIf", sharedValues(300, 8 << 20)),
                "JPEG, XMP",
                        jpeg(
                                new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB),
                                bytes("http://ns.adobe.com/xap/1.0/\0" + xmp, new byte[0]),
                                bytes("http://ns.adobe.com/xmp/extension/\0" + "A".repeat(32), length)));
    }

    /** A zlib stream of that many MiB of zeros, without its end. */
    private static byte[] deflatedZeros(int mib) {
        byte[] buffer = new byte[1 << 20];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(new byte[1 << 20]);
            out.write(buffer, 0, deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH));
            deflater.setInput(new byte[1 << 20]);
            int block = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
            for (int i = 1; i < mib; i++) {
                out.write(buffer, 0, block);
            }
        }
        return out.toByteArray();
    }

    /** An EXIF block of tags that all have the whole block for their value. */
    private static byte[] sharedValues(int tags, int length) {
        ByteBuffer tiff = ByteBuffer.allocate(length)
                .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(8)
                .putShort((short) tags);
        for (int tag = 0; tag < tags; tag++) {
            tiff.putShort((short) (0xC000 + tag))
                    .putShort((short) 7)
                    .putInt(length)
                    .putInt(0);
        }
        return tiff.array();
    }

    private static byte[] bytes(String text, byte[] data) {
        return ByteBuffer.allocate(text.length() + data.length)
                .put(text.getBytes(StandardCharsets.ISO_8859_1))
                .put(data)
                .array();
    }

    /** A JPEG with segments of type APP1. */
    static byte[] jpeg(BufferedImage picture, byte[]... segments) {
        byte[] jpeg = file(picture, "jpg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        for (byte[] segment : segments) {
            out.writeBytes(ByteBuffer.allocate(4 + segment.length)
                    .putShort((short) 0xFFE1)
                    .putShort((short) (segment.length + 2))
                    .put(segment)
                    .array());
        }
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    /** A PNG with one more chunk, after its header. */
    private static byte[] png(byte[] png, String type, byte[] data) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(png, 0, 33);
            chunk(out, type, data);
            out.write(png, 33, png.length - 33);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JPEG as Adobe's programs write it, inverted: squares of cyan, magenta, yellow, black and no ink. */
    static byte[] inks(int transform) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 80, 16, 4, null);
        for (int x = 0; x < 80; x++) {
            int[] stored = {255, 255, 255, 255};
            if (x / 16 < 4) {
                stored[x / 16] = 0;
            }
            if (transform == ADOBE_YCCK) {
                double[] rgb = {255 - stored[0], 255 - stored[1], 255 - stored[2]};
                stored[0] = (int) Math.round(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]);
                stored[1] = (int) Math.round(128 - 0.168736 * rgb[0] - 0.331264 * rgb[1] + 0.4999 * rgb[2]);
                stored[2] = (int) Math.round(128 + 0.4999 * rgb[0] - 0.418688 * rgb[1] - 0.081312 * rgb[2]);
            }
            for (int y = 0; y < 16; y++) {
                raster.setPixel(x, y, stored);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, null, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        byte[] jpeg = bytes.toByteArray();
        return ByteBuffer.allocate(jpeg.length + 16)
                .put(jpeg, 0, 2)
                .putShort((short) 0xFFEE)
                .putShort((short) 14)
                .put("Adobe".getBytes(StandardCharsets.ISO_8859_1))
                .putShort((short) 100)
                .putInt(0)
                .put((byte) transform)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** A PNG of one colour, of which only the header and a few rows are there if it claims to be large. */
    static byte[] png(int width, int height, int bits, int colorType, byte[] row) {
        try {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(rows)) {
                for (int y = 0; y < Math.min(height, 64); y++) {
                    deflater.write(0);
                    deflater.write(row);
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
            chunk(
                    out,
                    "IHDR",
                    ByteBuffer.allocate(13)
                            .putInt(width)
                            .putInt(height)
                            .put((byte) bits)
                            .put((byte) colorType)
                            .array());
            chunk(out, "IDAT", rows.toByteArray());
            chunk(out, "IEND", new byte[0]);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) throws IOException {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(body);
        DataOutputStream chunk = new DataOutputStream(out);
        chunk.writeInt(data.length);
        chunk.write(body);
        chunk.writeInt((int) crc.getValue());
    }

    static byte[] gif(int frames) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(out);
                writer.prepareWriteSequence(null);
                BufferedImage first = halves(8, 8, BufferedImage.TYPE_BYTE_INDEXED);
                BufferedImage next = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED);
                for (int i = 0; i < frames; i++) {
                    writer.writeToSequence(new IIOImage(i == 0 ? first : next, null, null), null);
                }
                writer.endWriteSequence();
            }
            writer.dispose();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage read(byte[] file) {
        try {
            return ImageIO.read(new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
