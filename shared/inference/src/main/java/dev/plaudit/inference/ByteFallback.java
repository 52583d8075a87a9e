package dev.plaudit.inference;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens {@code <0x00>} to {@code <0xFF>}, by which a tokenizer such as Llama 2's spells what it has no token for.
 *
 * @param tokens by their bytes
 * @param bytes by their tokens; empty where a tokenizer has no such tokens
 */
record ByteFallback(int[] tokens, Map<Integer, Integer> bytes) {
    /** Those of a {@code tokenizer.json} that has them all. */
    static ByteFallback of(JsonNode tokenizer) {
        int[] tokens = new int[256];
        Map<Integer, Integer> bytes = new HashMap<>();
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (tokenizer.path("decoder").findValuesAsText("type").contains("ByteFallback")) {
            for (int b = 0; b < tokens.length; b++) {
                tokens[b] = vocabulary.path("<0x%02X>".formatted(b)).asInt(-1);
                bytes.put(tokens[b], b);
            }
        }
        return new ByteFallback(tokens, bytes.containsKey(-1) ? Map.of() : bytes);
    }

    /**
     * Tokens with U+FFFD in the place of bytes that are no UTF-8, as byte-level tokenizers have it: the library's decoder
     * takes such a byte for a reason to give up the characters around it as well.
     */
    int[] wellFormed(int[] said) {
        IntStream.Builder formed = IntStream.builder();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int token : said) {
            if (bytes.containsKey(token)) {
                run.write(bytes.get(token));
            } else {
                spell(run, formed);
                formed.add(token);
            }
        }
        spell(run, formed);
        return formed.build().toArray();
    }

    private void spell(ByteArrayOutputStream run, IntStream.Builder formed) {
        for (byte b : run.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)) {
            formed.add(tokens[b & 0xFF]);
        }
        run.reset();
    }
}
