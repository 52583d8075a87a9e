package dev.plaudit.training.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Groups tokenised texts into batches of like length, so that little is padded.
 *
 * @param tokens the token ids of every text
 */
record Batches(List<long[]> tokens) {
    /** Texts are sorted by length inside groups of this many batches; more would make batches too much alike. */
    private static final int SORTED_TOGETHER = 50;

    /**
     * A part of the examples, padded with token 0 to the longest.
     *
     * @param rows which examples these are
     * @param length of the padded texts
     * @param ids {@code rows × length} token ids
     * @param mask what of {@code ids} is text and not padding
     */
    record Batch(int[] rows, int length, long[] ids, boolean[] mask) {}

    /** All texts in random order; the same random state gives the same batches. */
    List<Batch> shuffled(int size, Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, tokens.size()).boxed().toList());
        Collections.shuffle(order, random);
        for (int start = 0; start < order.size(); start += size * SORTED_TOGETHER) {
            order.subList(start, Math.min(order.size(), start + size * SORTED_TOGETHER))
                    .sort(byLength());
        }
        List<Batch> batches = new ArrayList<>(cut(order, size));
        Collections.shuffle(batches, random);
        return batches;
    }

    /** All texts by length. */
    List<Batch> sorted(int size) {
        return cut(IntStream.range(0, tokens.size()).boxed().sorted(byLength()).toList(), size);
    }

    private Comparator<Integer> byLength() {
        return Comparator.comparingInt(row -> tokens.get(row).length);
    }

    private List<Batch> cut(List<Integer> order, int size) {
        List<Batch> batches = new ArrayList<>();
        for (int start = 0; start < order.size(); start += size) {
            batches.add(pad(order.subList(start, Math.min(order.size(), start + size))));
        }
        return batches;
    }

    private Batch pad(List<Integer> rows) {
        int length = rows.stream().mapToInt(row -> tokens.get(row).length).max().orElseThrow();
        long[] ids = new long[rows.size() * length];
        boolean[] mask = new boolean[ids.length];
        for (int i = 0; i < rows.size(); i++) {
            long[] text = tokens.get(rows.get(i));
            System.arraycopy(text, 0, ids, i * length, text.length);
            Arrays.fill(mask, i * length, i * length + text.length, true);
        }
        return new Batch(rows.stream().mapToInt(Integer::intValue).toArray(), length, ids, mask);
    }
}
