package dev.plaudit.events;

import java.util.List;

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
}
