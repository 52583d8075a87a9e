package dev.plaudit.training.language;

import java.util.Arrays;
import java.util.List;

/**
 * Sequences of tokens, padded at their ends to one length. A causal model never looks at what comes later, so that
 * padding needs no mask.
 *
 * @param ids row by row
 * @param rows how many
 * @param length of each
 * @param at places in {@code ids} after which a token is to be said
 * @param targets what is to be said there
 */
record TokenBatch(long[] ids, int rows, int length, long[] at, long[] targets) {

    /**
     * A prompt and its answer as tokens.
     *
     * @param ids of both
     * @param prompt how many of them are the prompt
     */
    record Sequence(long[] ids, int prompt) {}

    static TokenBatch of(List<Sequence> sequences, int padding) {
        int length = sequences.stream().mapToInt(s -> s.ids().length).max().orElseThrow() - 1;
        int answers =
                sequences.stream().mapToInt(s -> s.ids().length - s.prompt()).sum();
        long[] ids = new long[sequences.size() * length];
        long[] at = new long[answers];
        long[] targets = new long[answers];
        Arrays.fill(ids, padding);
        int next = 0;
        for (int row = 0; row < sequences.size(); row++) {
            Sequence sequence = sequences.get(row);
            System.arraycopy(sequence.ids(), 0, ids, row * length, sequence.ids().length - 1);
            for (int i = sequence.prompt(); i < sequence.ids().length; i++) {
                at[next] = (long) row * length + i - 1;
                targets[next++] = sequence.ids()[i];
            }
        }
        return new TokenBatch(ids, sequences.size(), length, at, targets);
    }

    /** Sequences that are asked for the token after their last one. */
    static TokenBatch prompts(List<long[]> prompts, int padding) {
        int length = prompts.stream().mapToInt(row -> row.length).max().orElseThrow();
        long[] ids = new long[prompts.size() * length];
        long[] at = new long[prompts.size()];
        Arrays.fill(ids, padding);
        for (int row = 0; row < at.length; row++) {
            System.arraycopy(prompts.get(row), 0, ids, row * length, prompts.get(row).length);
            at[row] = (long) row * length + prompts.get(row).length - 1;
        }
        return new TokenBatch(ids, at.length, length, at, new long[0]);
    }
}
