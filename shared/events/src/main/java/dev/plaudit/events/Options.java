package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What the caller asks for beyond the bare answer.
 *
 * @param explain whether to say what moved the prediction; costs one more classification per part of the prompt
 * @param wishedLikes how many likes a post that is to be written should get; not negative; null for no wish
 * @param writing how it is to be written; {@link Writing#DEFAULT} when null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Options(boolean explain, Integer wishedLikes, Writing writing) {
    public static final Options DEFAULT = new Options(false);

    public Options {
        if (wishedLikes != null && wishedLikes < 0) {
            throw new InvalidFieldException("wishedLikes", "must not be negative, was " + wishedLikes);
        }
        writing = writing == null ? Writing.DEFAULT : writing;
    }

    /** With a wish. */
    public Options(boolean explain, Integer wishedLikes) {
        this(explain, wishedLikes, null);
    }

    /** To score a post. */
    public Options(boolean explain) {
        this(explain, null, null);
    }
}
