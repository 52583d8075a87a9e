package dev.plaudit.training.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Learns a byte-level byte-pair encoding (Radford et al. 2019, section 2.2): texts are split as GPT-2's are, every byte
 * is a piece, and the most frequent pair of neighbours becomes a new piece, again and again. Any text can be written in
 * it. Equal texts give equal vocabularies.
 */
public final class BytePairTrainer {
    /** GPT-2's words: a space belongs to the word after it. */
    private static final Pattern WORDS = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final String[] SYMBOLS = symbols();
    private static final ObjectMapper JSON = new ObjectMapper();

    private BytePairTrainer() {}

    /**
     * The special tokens of a tokenizer.
     *
     * @param tokens by their ids, from 0
     * @param start put in front of every text; one of the tokens
     * @param end of a text; one of the tokens
     * @param padding one of the tokens
     */
    public record Specials(List<String> tokens, String start, String end, String padding) {
        /** OPT's: {@code </s>} both starts and ends. */
        public static final Specials OPT =
                new Specials(List.of("<s>", "<pad>", "</s>", "<unk>"), "</s>", "</s>", "<pad>");

        public Specials {
            tokens = List.copyOf(tokens);
            if (!tokens.containsAll(List.of(start, end, padding))) {
                throw new IllegalArgumentException("Start, end and padding must be among the special tokens.");
            }
        }
    }

    /**
     * Learns a vocabulary and writes it as a tokenizer: {@code tokenizer.json} and {@code tokenizer_config.json}.
     *
     * @param size of the vocabulary, special tokens and the 256 bytes included; it may stay smaller if the texts have no
     *     more to give
     * @param folder where to write; created if need be
     * @return how many tokens the vocabulary has
     * @throws IllegalArgumentException if the size has no room for special tokens and bytes
     */
    public static int train(Iterable<String> texts, int size, Specials specials, Path folder) throws IOException {
        List<String> vocabulary = new ArrayList<>(specials.tokens());
        vocabulary.addAll(List.of(SYMBOLS));
        if (size < vocabulary.size()) {
            throw new IllegalArgumentException(
                    "A byte-level vocabulary has at least " + vocabulary.size() + " tokens, not " + size + ".");
        }
        Map<List<String>, Integer> words = new LinkedHashMap<>();
        count(texts).forEach((word, frequency) -> words.put(pieces(word), frequency));
        NeighbourMerges merges = new NeighbourMerges(words, String::concat);
        List<NeighbourMerges.Pair> merged = new ArrayList<>();
        while (vocabulary.size() < size) {
            NeighbourMerges.Pair pair = merges.next().orElse(null);
            if (pair == null) {
                break;
            }
            merged.add(pair);
            vocabulary.add(pair.left() + pair.right());
        }
        write(vocabulary, merged, specials, folder);
        return vocabulary.size();
    }

    private static Map<String, Integer> count(Iterable<String> texts) {
        Map<String, Integer> words = new TreeMap<>();
        texts.forEach(text -> words(text).forEach(word -> words.merge(word, 1, Integer::sum)));
        return words;
    }

    static Stream<String> words(String text) {
        return WORDS.matcher(text).results().map(MatchResult::group);
    }

    private static List<String> pieces(String word) {
        List<String> pieces = new ArrayList<>();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            pieces.add(SYMBOLS[b & 0xFF]);
        }
        return pieces;
    }

    /** GPT-2 writes a byte that prints as itself, any other as the next character from U+0100 on. */
    private static String[] symbols() {
        String[] symbols = new String[256];
        int next = 0x100;
        for (int b = 0; b < symbols.length; b++) {
            boolean prints = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            symbols[b] = Character.toString(prints ? b : next++);
        }
        return symbols;
    }

    private static void write(
            List<String> vocabulary, List<NeighbourMerges.Pair> merges, Specials specials, Path folder)
            throws IOException {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        for (int id = 0; id < specials.tokens().size(); id++) {
            ObjectNode token = added.addObject().put("id", id);
            token.put("content", specials.tokens().get(id)).put("single_word", false);
            token.put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        tokenizer.putNull("normalizer");
        byteLevel(tokenizer.putObject("pre_tokenizer"));
        startInFront(tokenizer.putObject("post_processor"), specials);
        byteLevel(tokenizer.putObject("decoder"));
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token").put("continuing_subword_prefix", "");
        model.put("end_of_word_suffix", "").put("fuse_unk", false).put("byte_fallback", false);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pair -> pairs.add(pair.left() + " " + pair.right()));
        write(folder, "tokenizer.json", tokenizer);

        ObjectNode config = JSON.createObjectNode();
        config.put("add_bos_token", true).put("add_prefix_space", false);
        config.put("bos_token", specials.start()).put("eos_token", specials.end());
        config.put("clean_up_tokenization_spaces", false).put("pad_token", specials.padding());
        config.put("tokenizer_class", "GPT2Tokenizer").put("unk_token", specials.end());
        write(folder, "tokenizer_config.json", config);
    }

    private static void byteLevel(ObjectNode component) {
        component.put("type", "ByteLevel").put("add_prefix_space", false);
        component.put("trim_offsets", true).put("use_regex", true);
    }

    private static void startInFront(ObjectNode processor, Specials specials) {
        String start = specials.start();
        processor.put("type", "TemplateProcessing");
        for (List<String> template : List.of(List.of("single", "A"), List.of("pair", "A", "B"))) {
            ArrayNode parts = processor.putArray(template.getFirst());
            for (int i = 1; i < template.size(); i++) {
                parts.addObject().putObject("SpecialToken").put("id", start).put("type_id", i - 1);
                parts.addObject()
                        .putObject("Sequence")
                        .put("id", template.get(i))
                        .put("type_id", i - 1);
            }
        }
        ObjectNode token = processor.putObject("special_tokens").putObject(start);
        token.put("id", start).putArray("ids").add(specials.tokens().indexOf(start));
        token.putArray("tokens").add(start);
    }

    private static void write(Path folder, String file, ObjectNode content) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(file), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }
}
