package dev.plaudit.training.evaluation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CIDEr-D (Vedantam et al. 2015, section 7): cosines of clipped tf-idf vectors of one to four words, times a Gaussian
 * (sigma 6) of the difference in length, times 10. Document frequencies come from the references: a run of words counts
 * once for every text in whose references it stands. Term frequencies are plain counts, as in the reference
 * implementation; words are runs of letters and digits in lower case, unstemmed.
 */
public final class Cider {
    private static final int ORDERS = 4;
    private static final double SIGMA = 6;

    private final Map<List<String>, Integer> documentFrequencies = new HashMap<>();
    private final double logDocuments;

    private Cider(List<List<List<String>>> references) {
        for (List<List<String>> ofText : references) {
            Set<List<String>> seen = new HashSet<>();
            for (int n = 1; n <= ORDERS; n++) {
                seen.addAll(NGrams.union(ofText, n).counts().keySet());
            }
            seen.forEach(gram -> documentFrequencies.merge(gram, 1, Integer::sum));
        }
        this.logDocuments = Math.log(references.size());
    }

    /**
     * The mean over texts.
     *
     * @param references of each text, at least one
     * @return 0 to 10
     */
    public static double mean(List<String> texts, List<List<String>> references) {
        Bleu.requireReferences(texts, references);
        List<List<List<String>>> words = references.stream()
                .map(ofText -> ofText.stream().map(Words::plain).toList())
                .toList();
        Cider cider = new Cider(words);
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<String> text = Words.plain(texts.get(i));
            sum += words.get(i).stream()
                    .mapToDouble(reference -> cider.similarity(text, reference))
                    .average()
                    .orElseThrow();
        }
        return 10 * sum / texts.size();
    }

    private double similarity(List<String> text, List<String> reference) {
        double sum = 0;
        for (int n = 1; n <= ORDERS; n++) {
            sum += cosine(NGrams.of(text, n), NGrams.of(reference, n));
        }
        double longer = text.size() - reference.size();
        return sum / ORDERS * Math.exp(-longer * longer / (2 * SIGMA * SIGMA));
    }

    private double cosine(NGrams text, NGrams reference) {
        double dot = 0;
        for (Map.Entry<List<String>, Integer> gram : text.counts().entrySet()) {
            int there = reference.count(gram.getKey());
            double rarity = rarity(gram.getKey());
            dot += Math.min(gram.getValue(), there) * there * rarity * rarity;
        }
        return dot == 0 ? 0 : dot / (norm(text) * norm(reference));
    }

    private double norm(NGrams grams) {
        return Math.sqrt(grams.counts().entrySet().stream()
                .mapToDouble(gram -> Math.pow(gram.getValue() * rarity(gram.getKey()), 2))
                .sum());
    }

    private double rarity(List<String> gram) {
        return logDocuments - Math.log(documentFrequencies.getOrDefault(gram, 1));
    }
}
