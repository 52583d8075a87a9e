package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What the caller asks for beyond the bare answer.
 *
 * @param explain whether to say what moved the prediction; costs one more classification per part of the prompt
 * @param wishedLikes how many likes a post that is to be written should get; not negative; null for no wish
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Options(boolean explain, Integer wishedLikes) {
    public static final Options DEFAULT = new Options(false);

    public Options {
        if (wishedLikes != null && wishedLikes < 0) {
            throw new InvalidFieldException("options.wishedLikes", "must not be negative, was " + wishedLikes);
        }
    }

    /** Without a wish. */
    public Options(boolean explain) {
        this(explain, null);
    }
}
