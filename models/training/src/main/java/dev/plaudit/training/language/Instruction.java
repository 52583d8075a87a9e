package dev.plaudit.training.language;

/**
 * What a language model is told and what it should say. Only what it says is learned.
 *
 * @param prompt as serving puts it
 * @param answer without the end of the sequence, which follows it
 */
public record Instruction(String prompt, String answer) {}
