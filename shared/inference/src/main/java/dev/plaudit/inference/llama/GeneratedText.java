package dev.plaudit.inference.llama;

import dev.plaudit.inference.decoding.Generated;
import java.util.OptionalDouble;

/**
 * What a model said after a prompt.
 *
 * @param text without special tokens
 * @param promptTokens how many tokens it read
 * @param tokens how many it said, without the one that ended it
 * @param ending why it ends
 * @param meanLogProbability how likely the model finds the text without the blanks around it, by its tokens; empty where
 *     those are others than were said or there are none, and of beam search, so that the model must be asked
 */
public record GeneratedText(
        String text, int promptTokens, int tokens, Generated.Ending ending, OptionalDouble meanLogProbability) {}
