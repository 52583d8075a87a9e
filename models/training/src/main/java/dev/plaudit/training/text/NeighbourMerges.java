package dev.plaudit.training.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * Joins the most frequent pair of neighbouring pieces in a list of words, again and again (Sennrich et al. 2016,
 * algorithm 1). Of equally frequent pairs the one that sorts first is joined.
 */
final class NeighbourMerges {
    /** A pair seen less often is not joined. */
    private static final int LEAST_FREQUENCY = 2;

    private final BinaryOperator<String> join;
    private final List<Word> words = new ArrayList<>();
    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

    /**
     * Merges to come.
     *
     * @param words as the pieces they are made of, with their frequencies
     * @param join what piece two neighbours become
     */
    NeighbourMerges(Map<List<String>, Integer> words, BinaryOperator<String> join) {
        this.join = join;
        words.forEach((pieces, frequency) -> this.words.add(new Word(pieces, frequency)));
        for (int i = 0; i < this.words.size(); i++) {
            count(i, 1);
        }
        pairs.forEach((pair, occurrences) -> candidates.add(new Candidate(pair, occurrences.count)));
    }

    /** Two neighbouring pieces. */
    record Pair(String left, String right) implements Comparable<Pair> {
        private static final Comparator<Pair> ORDER =
                Comparator.comparing(Pair::left).thenComparing(Pair::right);

        @Override
        public int compareTo(Pair other) {
            return ORDER.compare(this, other);
        }
    }

    /** A word of the texts as the pieces it is made of so far. */
    private record Word(List<String> pieces, int frequency) {}

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

    /** Joins the next pair wherever it stands; empty if no pair is frequent enough. */
    Optional<Pair> next() {
        while (!candidates.isEmpty()) {
            Candidate best = candidates.poll();
            int count = pairs.get(best.pair()).count;
            if (count >= LEAST_FREQUENCY && count == best.count()) {
                apply(best.pair());
                return Optional.of(best.pair());
            }
            if (count >= LEAST_FREQUENCY) {
                candidates.add(new Candidate(best.pair(), count));
            }
        }
        return Optional.empty();
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

    private List<String> replace(List<String> pieces, Pair pair) {
        List<String> merged = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            boolean here = i + 1 < pieces.size()
                    && pieces.get(i).equals(pair.left())
                    && pieces.get(i + 1).equals(pair.right());
            merged.add(here ? join.apply(pair.left(), pair.right()) : pieces.get(i));
            i += here ? 1 : 0;
        }
        return merged;
    }
}
