package dev.plaudit.training.evaluation;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Of several drafts the one that has most in common with the others and with what their author wrote before: minimum Bayes
 * risk decoding with BLEU as its utility (Eikema and Aziz 2022, "Sampling-Based Approximations to Minimum Bayes Risk Decoding").
 */
public final class Consensus {
    private Consensus() {}

    /**
     * The draft whose mean BLEU is greatest, each other draft and each known text in turn being its only reference; of
     * equals the first.
     *
     * @param known texts of the same author
     * @throws IllegalArgumentException if there are no drafts
     */
    public static String of(List<String> drafts, List<String> known) {
        if (drafts.isEmpty()) {
            throw new IllegalArgumentException("There must be drafts.");
        }
        List<List<String>> words = drafts.stream().map(Words::spaced).toList();
        List<List<String>> references =
                Stream.concat(words.stream(), known.stream().map(Words::spaced)).toList();
        List<Double> agreements = words.stream()
                .map(draft -> references.stream()
                        .filter(other -> other != draft)
                        .mapToDouble(other -> SentenceBleu.of(draft, List.of(other)))
                        .sum())
                .toList();
        return drafts.get(agreements.indexOf(Collections.max(agreements)));
    }
}
