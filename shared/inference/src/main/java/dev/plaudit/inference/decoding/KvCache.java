package dev.plaudit.inference.decoding;

import java.lang.foreign.MemorySegment;

/**
 * The keys and values of sequences, one in each slot, and the runs of a model over them, which add to them. Not
 * thread-safe.
 */
interface KvCache extends AutoCloseable {
    /** Slots that there are. */
    int slots();

    /**
     * Runs the model over consecutive slots and writes the new tokens' keys and values in them.
     *
     * @return the logits of what follows each slot's sequence, {@code [slots, vocabulary]} floats, until the next run
     */
    MemorySegment run(ModelInput input);

    /** Copies tokens {@code from} to {@code to}, the last one excluded, of one slot to another; perhaps more of them. */
    void copy(int source, int target, int from, int to);

    @Override
    void close();
}
