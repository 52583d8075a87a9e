package dev.plaudit.inference.llama;

/** Hears what a model says while it says it. Called on the thread that decodes, which waits. */
@FunctionalInterface
public interface TextListener {
    /** Hears nothing. */
    TextListener NONE = (sequence, piece) -> {};

    /**
     * A sequence goes on. All its pieces one after another are its text.
     *
     * @param sequence which of the sequences after the prompt, from 0
     * @param piece never empty, and never half a character
     */
    void said(int sequence, String piece);
}
