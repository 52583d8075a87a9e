package dev.plaudit.inference.safetensors;

import dev.plaudit.inference.ModelException;
import java.lang.foreign.MemorySegment;
import java.util.SequencedSet;

/** The weights of a model, by name: as they are stored, or as something makes them of what is stored. Thread-safe. */
public interface Checkpoint extends AutoCloseable {
    /** The tensors' names. */
    SequencedSet<String> names();

    /**
     * Where a tensor lies; where it is computed, what it is computed from.
     *
     * @throws ModelException when there is no tensor of that name
     */
    TensorInfo tensor(String name);

    /** Whether a tensor's values are those that are stored where {@link #tensor} says. */
    boolean isStored(String name);

    /**
     * A tensor's bytes where {@link #tensor} says, read-only, little-endian, at any alignment.
     *
     * @throws ModelException when there is no tensor of that name
     */
    MemorySegment segment(String name);

    /**
     * A copy of some rows of a floating-point tensor, the first dimension counting them. F16, BF16 and F32 are exact; F64
     * is rounded.
     *
     * @throws ModelException when there is no tensor of that name, it holds integers, or the rows have 2³¹ elements or
     *     more
     */
    float[] rows(String name, long first, long count);

    /**
     * Copies one row of a floating-point matrix, with the same exceptions as {@link #rows}.
     *
     * @param to receives the row's values from {@code at} on
     */
    void row(String name, long row, float[] to, int at);

    /** A checksum over every tensor's place and samples of its bytes. */
    long fingerprint();

    /** A copy of a floating-point tensor, row-major, with the same exceptions as {@link #rows}. */
    default float[] floats(String name) {
        long[] shape = tensor(name).shape();
        return rows(name, 0, shape.length == 0 ? 1 : shape[0]);
    }

    /** Frees the files. */
    @Override
    void close();
}
