package dev.plaudit.events;

/**
 * What the caller asks for beyond the bare answer.
 *
 * @param explain whether to say what moved the prediction; costs one more classification per part of the prompt
 */
public record Options(boolean explain) {
    public static final Options DEFAULT = new Options(false);
}
