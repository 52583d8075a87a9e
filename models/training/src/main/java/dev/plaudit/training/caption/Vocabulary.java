package dev.plaudit.training.caption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens of a {@code tokenizer.json} with their numbers. */
final class Vocabulary {

    private Vocabulary() {}

    static Map<String, Integer> read(Path folder) throws IOException {
        JsonNode tokenizer =
                new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
        Map<String, Integer> numbers = new LinkedHashMap<>();
        tokenizer
                .path("model")
                .path("vocab")
                .properties()
                .forEach(token -> numbers.put(token.getKey(), token.getValue().asInt()));
        return numbers;
    }

    /** The tokens, by their numbers from 0. */
    static List<String> tokens(Path folder) throws IOException {
        return read(folder).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
