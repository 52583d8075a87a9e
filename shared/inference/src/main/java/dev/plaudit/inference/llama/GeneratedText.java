package dev.plaudit.inference.llama;

import dev.plaudit.inference.decoding.Generated;

/**
 * What a model said after a prompt.
 *
 * @param text without special tokens
 * @param promptTokens how many tokens it read
 * @param tokens how many it said, without the one that ended it
 * @param ending why it ends
 */
public record GeneratedText(String text, int promptTokens, int tokens, Generated.Ending ending) {}
