package dev.plaudit.inference.decoding;

/**
 * What a model said after a prompt.
 *
 * @param tokens without the prompt and without the token that ended it
 * @param ending why it ends
 */
public record Generated(int[] tokens, Ending ending) {
    /** Why a sequence ends. */
    public enum Ending {
        /** The model ended it. */
        TOKEN,
        /** A stop string came; it is a part of the sequence. */
        STOP_STRING,
        /** There may not be more tokens, or none is possible. */
        LENGTH
    }
}
