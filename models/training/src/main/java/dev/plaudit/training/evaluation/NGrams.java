package dev.plaudit.training.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/** The runs of n words in a text, with how often each stands in it. */
record NGrams(int n, Map<List<String>, Integer> counts, int total) {

    static NGrams of(List<String> words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        int total = Math.max(0, words.size() - n + 1);
        for (int i = 0; i < total; i++) {
            counts.merge(words.subList(i, i + n), 1, Integer::sum);
        }
        return new NGrams(n, counts, total);
    }

    int count(List<String> gram) {
        return counts.getOrDefault(gram, 0);
    }

    /** How many of these stand in another text as well, each counted at most as often as it stands there. */
    int clippedBy(NGrams other) {
        return counts.entrySet().stream()
                .mapToInt(gram -> Math.min(gram.getValue(), other.count(gram.getKey())))
                .sum();
    }

    /** The greatest count of every run over several texts. */
    static NGrams union(List<List<String>> texts, int n) {
        return merged(texts, n, Math::max);
    }

    /** The runs of all texts together. */
    static NGrams sum(List<List<String>> texts, int n) {
        return merged(texts, n, Integer::sum);
    }

    private static NGrams merged(List<List<String>> texts, int n, IntBinaryOperator merge) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (List<String> text : texts) {
            of(text, n).counts().forEach((gram, count) -> counts.merge(gram, count, merge::applyAsInt));
        }
        return new NGrams(
                n, counts, counts.values().stream().mapToInt(Integer::intValue).sum());
    }
}
