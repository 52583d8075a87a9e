package dev.plaudit.training.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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
    /** A pair seen less often becomes no piece. */
    private static final int LEAST_FREQUENCY = 2;

    /** Only so many different characters get a piece; the rarest are unknown. */
    private static final int MOST_CHARACTERS = 1000;

    private final List<Word> words = new ArrayList<>();
    private final SequencedSet<String> pieces = new LinkedHashSet<>();
    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

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
        trainer.split(frequencies);
        trainer.merge(size);
        return List.copyOf(trainer.pieces);
    }

    /** A word of the texts as the pieces it is made of so far. */
    private record Word(List<String> pieces, int frequency) {}

    private record Pair(String left, String right) implements Comparable<Pair> {
        private static final Comparator<Pair> ORDER =
                Comparator.comparing(Pair::left).thenComparing(Pair::right);

        String merged() {
            return left + right.substring(2);
        }

        @Override
        public int compareTo(Pair other) {
            return ORDER.compare(this, other);
        }
    }

    /** How often a pair stands in the texts, and in which words it may stand. */
    private static final class Occurrences {
        private final Set<Integer> words = new HashSet<>();
        private int count;
    }

    /** A pair as frequent as it was when it was queued. */
    private record Candidate(Pair pair, int count) implements Comparable<Candidate> {
        private static final Comparator<Candidate> ORDER =
                Comparator.comparingInt(Candidate::count).reversed().thenComparing(Candidate::pair);

        @Override
        public int compareTo(Candidate other) {
            return ORDER.compare(this, other);
        }
    }

    private void split(Map<String, Integer> frequencies) {
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
        frequencies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> entry.getKey().codePoints().allMatch(alphabet::contains))
                .map(entry -> new Word(initialPieces(entry.getKey()), entry.getValue()))
                .forEach(words::add);
        for (int i = 0; i < words.size(); i++) {
            count(i, 1);
        }
        pairs.forEach((pair, occurrences) -> candidates.add(new Candidate(pair, occurrences.count)));
    }

    private static List<String> initialPieces(String word) {
        List<String> pieces = new ArrayList<>();
        word.codePoints()
                .forEach(c -> pieces.add(pieces.isEmpty() ? Character.toString(c) : "##" + Character.toString(c)));
        return pieces;
    }

    private Set<Pair> count(int index, int sign) {
        Word word = words.get(index);
        Set<Pair> counted = new HashSet<>();
        for (int i = 0; i + 1 < word.pieces().size(); i++) {
            Pair pair = new Pair(word.pieces().get(i), word.pieces().get(i + 1));
            Occurrences occurrences = pairs.computeIfAbsent(pair, _ -> new Occurrences());
            occurrences.count += sign * word.frequency();
            occurrences.words.add(index);
            counted.add(pair);
        }
        return counted;
    }

    private void merge(int size) {
        while (pieces.size() < size && !candidates.isEmpty()) {
            Candidate best = candidates.poll();
            int count = pairs.get(best.pair()).count;
            if (count < LEAST_FREQUENCY) {
                continue;
            }
            if (count != best.count()) {
                candidates.add(new Candidate(best.pair(), count));
            } else {
                pieces.add(best.pair().merged());
                apply(best.pair());
            }
        }
    }

    private void apply(Pair pair) {
        Set<Pair> grown = new HashSet<>();
        for (int index : List.copyOf(pairs.get(pair).words)) {
            count(index, -1);
            List<String> merged = replace(words.get(index).pieces(), pair);
            words.set(index, new Word(merged, words.get(index).frequency()));
            grown.addAll(count(index, 1));
        }
        grown.forEach(changed -> candidates.add(new Candidate(changed, pairs.get(changed).count)));
        pairs.get(pair).words.clear();
    }

    private static List<String> replace(List<String> pieces, Pair pair) {
        List<String> merged = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            boolean here = i + 1 < pieces.size()
                    && pieces.get(i).equals(pair.left())
                    && pieces.get(i + 1).equals(pair.right());
            merged.add(here ? pair.merged() : pieces.get(i));
            i += here ? 1 : 0;
        }
        return merged;
    }
}
