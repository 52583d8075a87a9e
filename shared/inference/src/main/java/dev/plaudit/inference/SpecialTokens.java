package dev.plaudit.inference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Strings that a tokenizer, or a model, takes for more than text, such as {@code <|eot_id|>}. */
public final class SpecialTokens {
    private final Map<Character, List<String>> byLastCharacter = new HashMap<>();

    public SpecialTokens(Collection<String> strings) {
        for (String string : new LinkedHashSet<>(strings)) {
            if (!string.isEmpty()) {
                byLastCharacter
                        .computeIfAbsent(string.charAt(string.length() - 1), key -> new ArrayList<>())
                        .add(string);
            }
        }
    }

    /** Those that a {@code tokenizer.json} adds as special. */
    static Set<String> of(JsonNode tokenizer) {
        Set<String> strings = new LinkedHashSet<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("special").asBoolean()) {
                strings.add(token.path("content").asText());
            }
        }
        return strings;
    }

    /**
     * A text of which no part is special: every special string is taken out, and so is one that only comes about by that. Text
     * of others goes through here before it is put into a prompt, so that it stays text.
     */
    public String takenOutOf(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            plain.append(text.charAt(i));
            for (String special : byLastCharacter.getOrDefault(text.charAt(i), List.of())) {
                int start = plain.length() - special.length();
                if (start >= 0 && plain.indexOf(special, start) == start) {
                    plain.setLength(start);
                    break;
                }
            }
        }
        return plain.toString();
    }
}
