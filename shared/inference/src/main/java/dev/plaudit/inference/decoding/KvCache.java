package dev.plaudit.inference.decoding;

import java.lang.foreign.MemorySegment;
import java.util.List;

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

    /**
     * Tokens of one slot that are to be in another.
     *
     * @param from the first of them
     * @param to the first that is not
     */
    record Copy(int source, int target, int from, int to) {}

    /** Copies tokens, perhaps more than asked for. No slot is source and target at once, and none twice a target. */
    void copy(List<Copy> copies);

    @Override
    void close();
}
