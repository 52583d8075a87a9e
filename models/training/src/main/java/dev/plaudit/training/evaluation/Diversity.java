package dev.plaudit.training.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How different texts are from each other.
 *
 * @param distinctOne different words over all words (Li et al. 2016), 0 to 1
 * @param distinctTwo the same for pairs of neighbouring words
 * @param selfBleu mean BLEU of each text with all others as its references (Zhu et al. 2018), 0 to 1: the lower, the
 *     more diverse
 */
public record Diversity(double distinctOne, double distinctTwo, double selfBleu) {

    /**
     * Measures texts.
     *
     * @throws IllegalArgumentException if there are fewer than two
     */
    public static Diversity of(List<String> texts) {
        if (texts.size() < 2) {
            throw new IllegalArgumentException("Diversity needs at least two texts.");
        }
        List<List<String>> words = texts.stream().map(Words::spaced).toList();
        return new Diversity(distinct(words, 1), distinct(words, 2), selfBleu(words));
    }

    private static double distinct(List<List<String>> texts, int n) {
        NGrams all = NGrams.sum(texts, n);
        return (double) all.counts().size() / Math.max(1, all.total());
    }

    private static double selfBleu(List<List<String>> texts) {
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<List<String>> others = new ArrayList<>(texts);
            sum += SentenceBleu.of(others.remove(i), others);
        }
        return sum / texts.size();
    }
}
