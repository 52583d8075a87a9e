package dev.plaudit.training.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Learns a WordPiece vocabulary. Pieces grow as in byte-pair encoding (Sennrich et al. 2016): the most frequent pair
 * of neighbours becomes a new piece, again and again. Hugging Face's {@code BertWordPieceTrainer} does the same; the
 * likelihood score of the original WordPiece (Schuster and Nakajima 2012) favours rare pairs on small corpora. Equal
 * texts give equal vocabularies.
 */
public final class WordPieceTrainer {
    /** Only so many different characters get a piece; the rarest are unknown. */
    private static final int MOST_CHARACTERS = 1000;

    private final SequencedSet<String> pieces = new LinkedHashSet<>();

    private WordPieceTrainer() {}

    /**
     * Learns a vocabulary and writes it as a tokenizer: {@code tokenizer.json} and {@code tokenizer_config.json} of an
     * uncased BERT tokenizer. Tokens 0 to 4 are {@code [PAD] [UNK] [CLS] [SEP] [MASK]}.
     *
     * @param size of the vocabulary, special tokens included; it may stay smaller if the texts have no more to give,
     *     and grows if the whole words and the characters alone need more
     * @param wholeWords texts whose words must each be one token, such as names and numbers
     * @param folder where to write; created if need be
     * @return how many tokens the vocabulary has
     */
    public static int train(Iterable<String> texts, int size, List<String> wholeWords, Path folder) throws IOException {
        List<String> vocabulary = learn(texts, size, wholeWords);
        TokenizerFiles.write(vocabulary, folder);
        return vocabulary.size();
    }

    static List<String> learn(Iterable<String> texts, int size, List<String> wholeWords) {
        Map<String, Integer> frequencies = new HashMap<>();
        for (String text : texts) {
            BertWords.of(text).forEach(word -> frequencies.merge(word, 1, Integer::sum));
        }
        WordPieceTrainer trainer = new WordPieceTrainer();
        trainer.pieces.addAll(TokenizerFiles.SPECIAL_TOKENS);
        wholeWords.forEach(text -> trainer.pieces.addAll(BertWords.of(text)));
        trainer.merge(trainer.split(frequencies), size);
        return List.copyOf(trainer.pieces);
    }

    private Map<List<String>, Integer> split(Map<String, Integer> frequencies) {
        Map<Integer, Integer> characters = new HashMap<>();
        frequencies.forEach((word, frequency) ->
                word.codePoints().forEach(character -> characters.merge(character, frequency, Integer::sum)));
        Comparator<Integer> mostFrequent = Comparator.comparing(characters::get, Comparator.reverseOrder());
        Set<Integer> alphabet = characters.keySet().stream()
                .sorted(mostFrequent.thenComparing(Comparator.naturalOrder()))
                .limit(MOST_CHARACTERS)
                .collect(Collectors.toCollection(TreeSet::new));
        alphabet.forEach(character -> pieces.add(Character.toString(character)));
        alphabet.forEach(character -> pieces.add("##" + Character.toString(character)));
        Map<List<String>, Integer> words = new LinkedHashMap<>();
        frequencies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> entry.getKey().codePoints().allMatch(alphabet::contains))
                .forEach(entry -> words.put(initialPieces(entry.getKey()), entry.getValue()));
        return words;
    }

    private static List<String> initialPieces(String word) {
        List<String> pieces = new ArrayList<>();
        word.codePoints()
                .forEach(c -> pieces.add(pieces.isEmpty() ? Character.toString(c) : "##" + Character.toString(c)));
        return pieces;
    }

    private void merge(Map<List<String>, Integer> words, int size) {
        NeighbourMerges merges = new NeighbourMerges(words, (left, right) -> left + right.substring(2));
        while (pieces.size() < size) {
            NeighbourMerges.Pair pair = merges.next().orElse(null);
            if (pair == null) {
                return;
            }
            pieces.add(pair.left() + pair.right().substring(2));
        }
    }
}
