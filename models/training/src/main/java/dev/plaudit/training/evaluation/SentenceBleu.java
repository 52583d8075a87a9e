package dev.plaudit.training.evaluation;

import java.util.List;

/**
 * BLEU of one text, and its mean over texts, as NLTK's {@code sentence_bleu} computes it over words that white space
 * divides: weights 1/4 for one to four words, and a count of 0.1 for an order without a match (Chen and Cherry 2014,
 * smoothing 1; NLTK's {@code method1}). A text without a single word in common gets 0.
 */
public final class SentenceBleu {
    private static final double EPSILON = 0.1;

    private SentenceBleu() {}

    /**
     * The mean over texts.
     *
     * @param references of each text, at least one
     * @return 0 to 1
     */
    public static double mean(List<String> texts, List<List<String>> references) {
        Bleu.requireReferences(texts, references);
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            sum += of(
                    Words.spaced(texts.get(i)),
                    references.get(i).stream().map(Words::spaced).toList());
        }
        return sum / texts.size();
    }

    static double of(List<String> text, List<List<String>> references) {
        double logs = 0;
        for (int n = 1; n <= Bleu.ORDERS; n++) {
            NGrams grams = NGrams.of(text, n);
            int matches = grams.clippedBy(NGrams.union(references, n));
            if (n == 1 && matches == 0) {
                return 0;
            }
            logs += Math.log((matches == 0 ? EPSILON : matches) / Math.max(1, grams.total()));
        }
        return Bleu.brevityPenalty(text.size(), Bleu.closestLength(text.size(), references))
                * Math.exp(logs / Bleu.ORDERS);
    }
}
