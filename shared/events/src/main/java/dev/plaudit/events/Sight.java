package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What the models saw in one medium.
 *
 * @param caption what it shows; null when nobody looked
 * @param text the lines of text on it, in reading order; empty when it bears none; null when nobody read it
 * @param unavailable why the medium could not be had, so that a black picture stood in for it; null when it could
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sight(String caption, List<String> text, String unavailable) {
    public Sight {
        text = text == null ? null : List.copyOf(text);
    }

    /** This sight with the text that was read on it. */
    public Sight withText(List<String> text) {
        return new Sight(caption, text, unavailable);
    }
}
