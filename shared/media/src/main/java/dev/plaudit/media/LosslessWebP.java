package dev.plaudit.media;

import java.io.IOException;
import java.util.Arrays;

/**
 * What stands before the pixels of a lossless WebP, and of the alpha channel of a lossy one: transforms and prefix codes
 * (RFC 9649, section 3). The decoder takes as many into memory as the file says, a hundred megabytes for a hundred
 * bytes; this reads them beforehand, keeps none, and refuses what encoders do not write.
 */
final class LosslessWebP {
    /** Of the decoder's tables, by {@link PrefixCode#tableBytes}: libwebp writes 2,600 groups of five codes at the most. */
    private static final int MAX_TABLE_BYTES = 64 << 20;

    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int PREDICTOR = 0;
    private static final int COLOR = 1;
    private static final int COLOR_INDEXING = 3;

    private final BitReader bits;

    private LosslessWebP(byte[] file, int start) {
        bits = new BitReader(file, start);
    }

    /**
     * Reads up to the first pixel.
     *
     * @param start where the list of transforms begins
     * @throws IOException when it is damaged, has a transform twice, or needs more memory than pictures do
     * @throws IndexOutOfBoundsException when the file ends too early
     */
    static void check(byte[] file, int start, int width, int height) throws IOException {
        new LosslessWebP(file, start).check(width, height);
    }

    private void check(int width, int height) throws IOException {
        int columns = width;
        int seen = 0;
        while (bits.read(1) == 1) {
            int transform = bits.read(2);
            if ((seen >> transform & 1) == 1) {
                throw new IOException("a transform twice");
            }
            seen |= 1 << transform;
            if (transform == PREDICTOR || transform == COLOR) {
                int blockBits = bits.read(3) + 2;
                skipImage(blocks(columns, blockBits), blocks(height, blockBits));
            } else if (transform == COLOR_INDEXING) {
                int colors = bits.read(8) + 1;
                skipImage(colors, 1);
                columns = blocks(columns, colors <= 2 ? 3 : colors <= 4 ? 2 : colors <= 16 ? 1 : 0);
            }
        }
        int cacheColors = cacheColors();
        int groups = 1;
        if (bits.read(1) == 1) {
            int blockBits = bits.read(3) + 2;
            groups = 1 + skipImage(blocks(columns, blockBits), blocks(height, blockBits));
        }
        long tableBytes = 0;
        for (int group = 0; group < groups; group++) {
            for (PrefixCode code : group(cacheColors)) {
                tableBytes += code.tableBytes();
            }
            if (tableBytes > MAX_TABLE_BYTES) {
                throw new IOException("more prefix codes than pictures need");
            }
        }
    }

    private static int blocks(int pixels, int bits) {
        return pixels + (1 << bits) - 1 >> bits;
    }

    private int cacheColors() throws IOException {
        if (bits.read(1) == 0) {
            return 0;
        }
        int size = bits.read(4);
        if (size < 1 || size > 11) {
            throw new IOException("a color cache of " + size + " bits");
        }
        return 1 << size;
    }

    /** Green, lengths and the cache; red; blue; alpha; distances. */
    private PrefixCode[] group(int cacheColors) throws IOException {
        int[] alphabets = {LITERALS + LENGTHS + cacheColors, LITERALS, LITERALS, LITERALS, DISTANCES};
        PrefixCode[] group = new PrefixCode[alphabets.length];
        for (int i = 0; i < group.length; i++) {
            group[i] = PrefixCode.read(bits, alphabets[i]);
        }
        return group;
    }

    /**
     * Reads over an entropy-coded image.
     *
     * @return the largest red and green of its pixels, 16 bits: which group of prefix codes, if it tells that
     */
    private int skipImage(int width, int height) throws IOException {
        PrefixCode[] codes = group(cacheColors());
        int largest = 0;
        long pixels = (long) width * height;
        while (pixels > 0) {
            int symbol = codes[0].next(bits);
            if (symbol < LITERALS) {
                largest = Math.max(largest, codes[1].next(bits) << 8 | symbol);
                codes[2].next(bits);
                codes[3].next(bits);
                pixels--;
            } else if (symbol < LITERALS + LENGTHS) {
                pixels -= number(symbol - LITERALS);
                number(codes[4].next(bits));
            } else {
                pixels--;
            }
        }
        if (pixels < 0) {
            throw new IOException("a copy beyond the end");
        }
        return largest;
    }

    /** A length or a distance, after the prefix that tells how many bits it has. */
    private int number(int prefix) {
        if (prefix < 4) {
            return prefix + 1;
        }
        int extra = prefix - 2 >> 1;
        return (2 + (prefix & 1) << extra) + bits.read(extra) + 1;
    }

    /** Bits of a file, the lowest of each byte first. */
    private static final class BitReader {
        private final byte[] file;
        private long at;

        BitReader(byte[] file, int start) {
            this.file = file;
            at = 8L * start;
        }

        int read(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, at++) {
                value |= (file[(int) (at >> 3)] >> (at & 7) & 1) << i;
            }
            return value;
        }
    }

    /**
     * A canonical prefix code.
     *
     * @param counts how many symbols have a code of each length, 0 to 15
     * @param symbols those with a code, by its length and themselves
     */
    private record PrefixCode(int[] counts, int[] symbols) {
        private static final int MAX_LENGTH = 15;
        private static final int FIRST_TABLE_BITS = 8;
        private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

        static PrefixCode read(BitReader bits, int alphabet) throws IOException {
            return of(bits.read(1) == 1 ? simple(bits, alphabet) : lengths(bits, alphabet));
        }

        private static int[] simple(BitReader bits, int alphabet) throws IOException {
            int[] lengths = new int[alphabet];
            boolean two = bits.read(1) == 1;
            int first = bits.read(bits.read(1) == 1 ? 8 : 1);
            int last = two ? bits.read(8) : first;
            if (last >= alphabet || two && last <= first) {
                throw new IOException("a symbol out of order");
            }
            lengths[first] = 1;
            lengths[last] = 1;
            return lengths;
        }

        private static int[] lengths(BitReader bits, int alphabet) throws IOException {
            int[] lengths = new int[alphabet];
            int[] ofLengths = new int[ORDER.length];
            int given = 4 + bits.read(4);
            for (int i = 0; i < given; i++) {
                ofLengths[ORDER[i]] = bits.read(3);
            }
            PrefixCode code = of(ofLengths);
            int tokens = bits.read(1) == 1 ? 2 + bits.read(2 + 2 * bits.read(3)) : alphabet;
            int previous = 8;
            for (int at = 0; at < alphabet && tokens > 0; tokens--) {
                int token = code.next(bits);
                int repeats =
                        switch (token) {
                            case 16 -> 3 + bits.read(2);
                            case 17 -> 3 + bits.read(3);
                            case 18 -> 11 + bits.read(7);
                            default -> 1;
                        };
                int length = token < 16 ? token : token == 16 ? previous : 0;
                previous = length == 0 ? previous : length;
                if (at + repeats > alphabet) {
                    throw new IOException("more code lengths than symbols");
                }
                Arrays.fill(lengths, at, at + repeats, length);
                at += repeats;
            }
            return lengths;
        }

        private static PrefixCode of(int[] lengths) throws IOException {
            int[] counts = new int[MAX_LENGTH + 1];
            for (int length : lengths) {
                counts[length]++;
            }
            int free = 1;
            int[] next = new int[MAX_LENGTH + 2];
            for (int length = 1; length <= MAX_LENGTH; length++) {
                free = 2 * free - counts[length];
                next[length + 1] = next[length] + counts[length];
                if (free < 0) {
                    throw new IOException("a prefix code of too many");
                }
            }
            int[] symbols = new int[lengths.length - counts[0]];
            if (symbols.length == 0 || symbols.length > 1 && free > 0) {
                throw new IOException("a prefix code of too few");
            }
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] > 0) {
                    symbols[next[lengths[symbol]]++] = symbol;
                }
            }
            return new PrefixCode(counts, symbols);
        }

        /** The next symbol; the only one takes no bits. */
        int next(BitReader bits) {
            if (symbols.length == 1) {
                return symbols[0];
            }
            int code = 0;
            int first = 0;
            int index = 0;
            for (int length = 1; ; length++) {
                code |= bits.read(1);
                int count = counts[length];
                if (code - first < count) {
                    return symbols[index + code - first];
                }
                index += count;
                first = first + count << 1;
                code <<= 1;
            }
        }

        /** At most what the decoder's tables take: one of 8 bits, and one more for every two longer codes that share these. */
        long tableBytes() {
            int longer = 0;
            int longest = FIRST_TABLE_BITS;
            for (int length = FIRST_TABLE_BITS + 1; length <= MAX_LENGTH; length++) {
                longer += counts[length];
                longest = counts[length] > 0 ? length : longest;
            }
            return Integer.BYTES * ((1L << FIRST_TABLE_BITS) + (longer / 2L << longest - FIRST_TABLE_BITS));
        }
    }
}
