package dev.plaudit.inference.decoding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * What a run of a {@link CausalGraph} is given beside the cache, each in memory outside the heap.
 *
 * @param firstSlot of the slots that it goes over
 * @param rows how many slots
 * @param length new tokens of each slot
 */
record ModelInput(
        int firstSlot,
        int rows,
        int length,
        MemorySegment embeddings,
        MemorySegment positions,
        MemorySegment lengths,
        MemorySegment total) {
    static final int ALIGNMENT = 64;

    /** Bytes that {@link #of} takes. */
    static long byteSize(int rows, int length, int embeddings) {
        return aligned((long) embeddings * Float.BYTES)
                + aligned((long) rows * length * Long.BYTES)
                + aligned((long) rows * Integer.BYTES)
                + ALIGNMENT;
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /**
     * @param embeddings of the new tokens, {@code [rows, length, hidden]}
     * @param before tokens of each slot that the cache holds already
     * @param memory where it lives, at least {@link #byteSize}
     */
    static ModelInput of(int firstSlot, int[] before, float[] embeddings, int length, MemorySegment memory) {
        int rows = before.length;
        SegmentAllocator parts = SegmentAllocator.slicingAllocator(memory);
        MemorySegment embeds = parts.allocate((long) embeddings.length * Float.BYTES, ALIGNMENT)
                .copyFrom(MemorySegment.ofArray(embeddings));
        MemorySegment positions = parts.allocate((long) rows * length * Long.BYTES, ALIGNMENT);
        MemorySegment lengths = parts.allocate((long) rows * Integer.BYTES, ALIGNMENT);
        int longest = 0;
        for (int row = 0; row < rows; row++) {
            int total = before[row] + length;
            lengths.setAtIndex(ValueLayout.JAVA_INT, row, total - 1);
            longest = Math.max(longest, total);
            for (int i = 0; i < length; i++) {
                positions.setAtIndex(ValueLayout.JAVA_LONG, (long) row * length + i, before[row] + i);
            }
        }
        MemorySegment total = parts.allocateFrom(ValueLayout.JAVA_INT, longest);
        return new ModelInput(firstSlot, rows, length, embeds, positions, lengths, total);
    }
}
