package dev.plaudit.events;

import java.util.List;

/**
 * What the models saw in one medium.
 *
 * @param caption what it shows
 * @param text the lines of text on it, in reading order; empty when it bears none; null when nobody read it
 */
public record Sight(String caption, List<String> text) {
    public Sight {
        text = text == null ? null : List.copyOf(text);
    }
}
