package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What the models saw in one medium.
 *
 * @param caption what it shows
 * @param text the lines of text on it, in reading order; empty when it bears none; null when nobody read it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sight(String caption, List<String> text) {
    public Sight {
        text = text == null ? null : List.copyOf(text);
    }
}
