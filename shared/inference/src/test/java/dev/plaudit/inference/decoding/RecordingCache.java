package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.List;

/** A cache that holds nothing, and knows how many tokens it was given. */
final class RecordingCache implements KvCache {
    final List<Integer> lengths = new ArrayList<>();
    private final int slots;
    private final int room;

    RecordingCache(int slots, int room) {
        this.slots = slots;
        this.room = room;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void run(ModelInput input, float[] logits) {
        lengths.add(input.length());
    }

    @Override
    public void copy(int source, int target, int from, int to) {}

    @Override
    public void close() {}
}
