package dev.plaudit.inference.decoding;

/** Hears what is said, token by token. Called on the thread that decodes, which waits. */
@FunctionalInterface
public interface TokenListener {
    /** Hears nothing. */
    TokenListener NONE = (sequence, token) -> {};

    /**
     * A sequence has a further token; the one that ends it is not among them.
     *
     * @param sequence which of the sequences after the prompt, from 0
     */
    void said(int sequence, int token);
}
