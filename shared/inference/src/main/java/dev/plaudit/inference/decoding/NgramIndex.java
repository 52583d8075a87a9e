package dev.plaudit.inference.decoding;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Every run of {@code size} tokens in a body of texts, memory-mapped: for each the hash of its tokens but the last, and
 * the last one. That two beginnings share a hash, and a run counts as there though it is not, has a probability of about
 * the number of beginnings times 2⁻⁶⁴. Thread-safe until closed.
 *
 * <p>The file is little-endian: the bytes {@code PLNG}, version 1 (4 bytes), {@code size} (4), zero (4), the number of runs
 * (8), their hashes (8 each, sorted without sign), their last tokens (4 each, sorted where hashes are equal). No run is
 * there twice.
 */
public final class NgramIndex implements AutoCloseable {
    /** The file of a model's folder with the index of the texts that it was trained on: a hashed copy of them. */
    public static final String FILE = "ngrams.index";

    private static final int MAGIC = 0x474e4c50;
    private static final int VERSION = 1;
    private static final long SIZE_AT = 8;
    private static final long COUNT_AT = 16;
    private static final long HEADER = 24;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private record Run(long hash, int last) {
        static final Comparator<Run> ORDER =
                ((Comparator<Run>) (a, b) -> Long.compareUnsigned(a.hash, b.hash)).thenComparingInt(Run::last);
    }

    private final Arena arena;
    private final MemorySegment hashes;
    private final MemorySegment lasts;
    private final int size;
    private final long count;

    private NgramIndex(Arena arena, MemorySegment file) {
        this.arena = arena;
        this.size = file.get(INT, SIZE_AT);
        this.count = file.get(LONG, COUNT_AT);
        this.hashes = file.asSlice(HEADER, count * Long.BYTES);
        this.lasts = file.asSlice(HEADER + count * Long.BYTES, count * Integer.BYTES);
    }

    /**
     * Writes the index of texts, whole or not at all.
     *
     * @param size tokens of a run, at least 1
     * @param texts the tokens of each
     * @return how many runs it has
     */
    public static long write(Path file, int size, Iterable<int[]> texts) throws IOException {
        Rule.require(size >= 1, "an n-gram must be of at least 1 token, but is of %s", size);
        TreeSet<Run> runs = new TreeSet<>(Run.ORDER);
        for (int[] text : texts) {
            for (int last = size - 1; last < text.length; last++) {
                runs.add(new Run(hash(text, last - size + 1, last), text[last]));
            }
        }
        WholeFile.write(file, channel -> write(channel, size, runs));
        return runs.size();
    }

    private static void write(FileChannel channel, int size, SortedSet<Run> runs) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = HEADER + runs.size() * (long) (Long.BYTES + Integer.BYTES);
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            memory.set(INT, 0, MAGIC);
            memory.set(INT, 4, VERSION);
            memory.set(INT, SIZE_AT, size);
            memory.set(LONG, COUNT_AT, runs.size());
            long hashAt = HEADER;
            long lastAt = HEADER + runs.size() * (long) Long.BYTES;
            for (Run run : runs) {
                memory.set(LONG, hashAt, run.hash());
                memory.set(INT, lastAt, run.last());
                hashAt += Long.BYTES;
                lastAt += Integer.BYTES;
            }
        }
    }

    /**
     * Opens an index.
     *
     * @throws ModelException when the file is no index, or cut off
     */
    public static NgramIndex open(Path file) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (memory.byteSize() < HEADER || memory.get(INT, 0) != MAGIC || memory.get(INT, 4) != VERSION) {
                throw new ModelException(file + " is no index of n-grams of version " + VERSION);
            }
            long count = memory.get(LONG, COUNT_AT);
            long bytes = memory.byteSize() - HEADER;
            if (memory.get(INT, SIZE_AT) < 1
                    || count != bytes / (Long.BYTES + Integer.BYTES)
                    || bytes % (Long.BYTES + Integer.BYTES) != 0) {
                throw new ModelException(
                        file + " is damaged: it does not hold the " + count + " n-grams that it names");
            }
            return new NgramIndex(arena, memory);
        } catch (IOException e) {
            arena.close();
            throw new ModelException(file + " cannot be read: " + e.getMessage(), e);
        } catch (ModelException e) {
            arena.close();
            throw e;
        }
    }

    /** Tokens of a run. */
    public int size() {
        return size;
    }

    /** Tells every token that, said after these, would make a run of the index. */
    void continuations(int[] tokens, IntConsumer each) {
        int first = tokens.length - size + 1;
        if (first < 0) {
            return;
        }
        long hash = hash(tokens, first, tokens.length);
        for (long i = lowerBound(hash); i < count && hashes.getAtIndex(LONG, i) == hash; i++) {
            each.accept(lasts.getAtIndex(INT, i));
        }
    }

    private long lowerBound(long hash) {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (Long.compareUnsigned(hashes.getAtIndex(LONG, middle), hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Of the tokens from the first up to, and not with, the last: SplitMix64's mixing (Steele et al. 2014) of each. */
    private static long hash(int[] tokens, int from, int to) {
        long hash = 0;
        for (int i = from; i < to; i++) {
            hash = (hash ^ tokens[i]) + 0x9e3779b97f4a7c15L;
            hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
            hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
            hash ^= hash >>> 31;
        }
        return hash;
    }

    @Override
    public void close() {
        arena.close();
    }
}
