package dev.plaudit.cluster;

import java.util.Arrays;

/** How long the last calls took. Thread-safe. */
final class Latencies {
    private final long[] last = new long[512];
    private long count;

    synchronized void add(long nanos) {
        last[(int) (count++ % last.length)] = nanos;
    }

    synchronized long count() {
        return count;
    }

    /** In milliseconds; 0 before the first call. */
    synchronized double median() {
        int known = (int) Math.min(count, last.length);
        long[] sorted = Arrays.copyOf(last, known);
        Arrays.sort(sorted);
        return known == 0 ? 0 : sorted[known / 2] / 1e6;
    }
}
