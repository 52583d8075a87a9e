package dev.plaudit.training.evaluation;

import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * ROUGE (Lin 2004), as the harmonic mean of precision and recall, over words in lower case, without stemming; of several
 * references the best one counts.
 *
 * @param one runs of one word in common, 0 to 1
 * @param two runs of two words in common, 0 to 1
 * @param longest longest common subsequence, 0 to 1
 */
public record Rouge(double one, double two, double longest) {

    /**
     * The mean over texts.
     *
     * @param references of each text, at least one
     */
    public static Rouge mean(List<String> texts, List<List<String>> references) {
        Bleu.requireReferences(texts, references);
        return new Rouge(
                mean(texts, references, (text, reference) -> grams(text, reference, 1)),
                mean(texts, references, (text, reference) -> grams(text, reference, 2)),
                mean(texts, references, Rouge::subsequence));
    }

    private static double mean(
            List<String> texts, List<List<String>> references, ToDoubleBiFunction<List<String>, List<String>> score) {
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<String> text = Words.plain(texts.get(i));
            sum += references.get(i).stream()
                    .mapToDouble(reference -> score.applyAsDouble(text, Words.plain(reference)))
                    .max()
                    .orElseThrow();
        }
        return sum / texts.size();
    }

    private static double grams(List<String> text, List<String> reference, int n) {
        NGrams have = NGrams.of(text, n);
        NGrams want = NGrams.of(reference, n);
        return f1(have.clippedBy(want), have.total(), want.total());
    }

    private static double subsequence(List<String> text, List<String> reference) {
        int[] longest = new int[reference.size() + 1];
        for (String word : text) {
            int diagonal = 0;
            for (int j = 1; j <= reference.size(); j++) {
                int above = longest[j];
                longest[j] = word.equals(reference.get(j - 1)) ? diagonal + 1 : Math.max(above, longest[j - 1]);
                diagonal = above;
            }
        }
        return f1(longest[reference.size()], text.size(), reference.size());
    }

    private static double f1(int common, int have, int want) {
        return common == 0 ? 0 : 2.0 * common / (have + want);
    }
}
