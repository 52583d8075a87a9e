package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A stop on the route: a serverless function of its own. */
public enum Step {
    GATEWAY,
    CAPTION,
    OCR,
    PROMPT,
    CLASSIFY,
    REGRESS,
    GENERATE;

    /** The function's name, as in {@code classify}. */
    @JsonValue
    public String function() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The {@code source} attribute of the events it emits, as in {@code /plaudit/classify}. */
    public String source() {
        return "/plaudit/" + function();
    }
}
