package dev.plaudit.inference.decoding;

/**
 * A language model in the course of decoding: sequences, one a row, and the scores of what may follow each. Not
 * thread-safe.
 */
public interface Decoder extends AutoCloseable {
    /** How many tokens there are. */
    int vocabulary();

    /** Reads a prompt, {@code [length, hidden]} row by row, which becomes a row after the others. */
    void add(float[] prompt);

    /**
     * The logits of the next token after each row's sequence, {@code [rows, vocabulary]}, row by row. The array belongs to
     * the caller until the next call.
     */
    float[] logits();

    /**
     * Makes new rows of the old: each is the sequence of an old row, and one token more. A row that none continues is
     * gone.
     *
     * @param parents for every new row the old one that it continues
     * @param tokens what each new row says next
     */
    void advance(int[] parents, int[] tokens);

    @Override
    void close();
}
