package dev.plaudit.inference;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts text into the tokens of a model, as its {@code tokenizer.json} says, special tokens included. Thread-safe.
 */
public final class TextTokenizer implements AutoCloseable {
    /** The file that describes a tokenizer. */
    public static final String FILE = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;
    private final Set<String> specialTokens;
    private final ByteFallback fallback;
    private final int maxTokens;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, JsonNode file, int maxTokens) {
        this.tokenizer = tokenizer;
        this.specialTokens = SpecialTokens.of(file);
        this.fallback = ByteFallback.of(file);
        this.maxTokens = maxTokens;
    }

    /**
     * Opens a folder's tokenizer.
     *
     * @param vocabularySize the model's number of token embeddings; every id of the tokenizer must be below
     * @param maxTokens longest result, special tokens included; what goes beyond is cut off at the end
     * @throws ModelException when there is no readable tokenizer, or it does not match the model
     */
    public static TextTokenizer open(Path folder, int vocabularySize, int maxTokens) {
        NativeLibraries.locate();
        ConfigFile file = ConfigFile.read(folder.resolve(FILE));
        long highest = highestId(file.root());
        if (highest >= vocabularySize) {
            throw new ModelException(file.path() + ": the tokenizer does not match the model, it has the token id "
                    + highest + " but the model's vocab_size is " + vocabularySize);
        }
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "padding", "false",
                "truncation", "true",
                "maxLength", Integer.toString(maxTokens),
                "modelMaxLength", Integer.toString(maxTokens));
        try (InputStream json = Files.newInputStream(file.path())) {
            TextTokenizer opened =
                    new TextTokenizer(HuggingFaceTokenizer.newInstance(json, options), file.root(), maxTokens);
            opened.requireRoom(file.path());
            return opened;
        } catch (ModelException e) {
            throw e;
        } catch (EngineException e) {
            throw new IllegalStateException("the native library of the tokenizers cannot be loaded", e);
        } catch (IOException | RuntimeException e) {
            throw new ModelException(file.path() + " is no tokenizer that can be used: " + e.getMessage(), e);
        }
    }

    /** Where there is no room for the special tokens, the library cuts nothing off at all. */
    private void requireRoom(Path file) {
        int special = encode(List.of("")).getFirst().length;
        if (special > maxTokens) {
            close();
            throw new ModelException(
                    "%s: a text has %d special tokens alone, but the most is %d".formatted(file, special, maxTokens));
        }
    }

    /** The token ids of each text, not padded. Lone surrogates count as U+FFFD. */
    public List<long[]> encode(List<String> texts) {
        List<String> wellFormed = texts.stream().map(TextTokenizer::wellFormed).toList();
        return Arrays.stream(tokenizer.batchEncode(wellFormed))
                .map(Encoding::getIds)
                .toList();
    }

    /**
     * The token ids of a text.
     *
     * @param complete whether the tokens are added that a text begins or ends with; false where it has them already
     */
    public int[] encode(String text, boolean complete) {
        return Arrays.stream(tokenizer.encode(wellFormed(text), complete, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Strings that are no text to this tokenizer; where they come in a text to be encoded, they become one token. */
    public Set<String> specialTokens() {
        return specialTokens;
    }

    /**
     * The text of tokens, without special ones. Bytes that are no UTF-8 become U+FFFD, but for those at the end, which
     * further tokens may complete: so the text of the first tokens is how the text of all begins.
     */
    public String decode(int[] tokens) {
        String text = tokenizer.decode(
                Arrays.stream(fallback.wellFormed(tokens)).asLongStream().toArray(), true);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
            end--;
        }
        return text.substring(0, end);
    }

    public int maxTokens() {
        return maxTokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The vocabulary is an object of ids (WordPiece, BPE, WordLevel) or a list by id (Unigram). */
    private static long highestId(JsonNode root) {
        JsonNode vocabulary = root.path("model").path("vocab");
        long highest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                highest = Math.max(highest, id.asLong());
            }
        }
        for (JsonNode token : root.path("added_tokens")) {
            highest = Math.max(highest, token.path("id").asLong());
        }
        return highest;
    }

    /** A round trip through UTF-8, which has no lone surrogates. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
