package dev.plaudit.events;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The instruction prompt of a post, and which stretch of it comes from which part of the post.
 *
 * @param text the whole prompt
 * @param parts the stretches, in order, not overlapping; text between them is the template's own
 */
public record Prompt(String text, List<Part> parts) {
    /**
     * One stretch of the prompt.
     *
     * @param name which part of the post it tells, as in {@code caption}
     * @param start index of its first character in the prompt
     * @param end index after its last
     */
    public record Part(String name, int start, int end) {}

    public Prompt {
        if (text == null) {
            throw new InvalidFieldException("prompt.text", "is missing");
        }
        parts = parts == null ? List.of() : List.copyOf(parts);
        int from = 0;
        for (Part part : parts) {
            if (part.start() < from || part.end() < part.start() || part.end() > text.length()) {
                throw new InvalidFieldException("prompt.parts", "must lie in order inside the text, was " + part);
            }
            from = part.end();
        }
    }

    /** The prompt's text with one part left out. */
    public String without(Part part) {
        return text.substring(0, part.start()) + text.substring(part.end());
    }

    /**
     * This prompt with another text for one of its parts.
     *
     * @param name of the part; nothing changes when there is none
     * @param change from the part's text to the other
     */
    public Prompt changing(String name, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder(text);
        List<Part> moved = new ArrayList<>();
        for (Part part : parts) {
            int shift = changed.length() - text.length();
            Part there = new Part(part.name(), part.start() + shift, part.end() + shift);
            if (part.name().equals(name)) {
                String other = change.apply(text.substring(part.start(), part.end()));
                changed.replace(there.start(), there.end(), other);
                there = new Part(name, there.start(), there.start() + other.length());
            }
            moved.add(there);
        }
        return new Prompt(changed.toString(), moved);
    }
}
