package dev.plaudit.training.evaluation;

import java.util.Collections;
import java.util.List;

/**
 * Of several drafts the one that has most in common with the others: minimum Bayes risk decoding with BLEU as its utility
 * (Eikema and Aziz 2022, "Sampling-Based Approximations to Minimum Bayes Risk Decoding").
 */
public final class Consensus {
    private Consensus() {}

    /**
     * The draft whose mean BLEU is greatest, each other draft in turn being its only reference; of equals the first.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static String of(List<String> drafts) {
        if (drafts.isEmpty()) {
            throw new IllegalArgumentException("There must be drafts.");
        }
        List<List<String>> words = drafts.stream().map(Words::spaced).toList();
        List<Double> agreements = words.stream()
                .map(draft -> words.stream()
                        .filter(other -> other != draft)
                        .mapToDouble(other -> SentenceBleu.of(draft, List.of(other)))
                        .sum())
                .toList();
        return drafts.get(agreements.indexOf(Collections.max(agreements)));
    }
}
