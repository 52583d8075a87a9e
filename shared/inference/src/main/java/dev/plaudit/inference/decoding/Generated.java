package dev.plaudit.inference.decoding;

import java.util.OptionalDouble;

/**
 * What a model said after a prompt.
 *
 * @param tokens without the prompt and without the token that ended it
 * @param ending why it ends
 * @param logProbability the logarithm of their probability under the model itself, before any rule or strategy; beam search
 *     does not tell it
 */
public record Generated(int[] tokens, Ending ending, OptionalDouble logProbability) {
    /** Why a sequence ends. */
    public enum Ending {
        /** The model ended it. */
        TOKEN,
        /** A stop string came; it is a part of the sequence. */
        STOP_STRING,
        /** There may not be more tokens, or none is possible. */
        LENGTH
    }

    Generated withLogProbability(double logProbability) {
        return new Generated(tokens, ending, OptionalDouble.of(logProbability));
    }
}
