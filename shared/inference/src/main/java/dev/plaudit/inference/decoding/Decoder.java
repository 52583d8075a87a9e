package dev.plaudit.inference.decoding;

/**
 * A language model in the course of decoding: several sequences, one per row, and the scores of what may follow each.
 * Not thread-safe.
 */
public interface Decoder extends AutoCloseable {
    /** How many tokens there are. */
    int vocabulary();

    /**
     * The logits of the next token after each row's sequence, {@code [rows, vocabulary]}, row by row. The array belongs to
     * the caller.
     */
    float[] logits();

    /**
     * Makes every row a sequence again: that of an older row, and one token more.
     *
     * @param parents for every row the row that it continues; of the same prompt
     * @param tokens what each row says next
     */
    void advance(int[] parents, int[] tokens);

    @Override
    void close();
}
