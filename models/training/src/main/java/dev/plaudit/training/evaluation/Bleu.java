package dev.plaudit.training.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * BLEU of a corpus (Papineni et al. 2002) as sacreBLEU computes it (Post 2018): tokens of {@code 13a}, case kept, no
 * effective order, and an order without any match counted as half, a quarter, an eighth … of one (smoothing {@code exp}).
 *
 * @param scores BLEU-1 to BLEU-4, each 0 to 100
 * @param brevityPenalty 0 to 1
 * @param references how many each text has
 */
public record Bleu(double[] scores, double brevityPenalty, int references) {
    static final int ORDERS = 4;

    /**
     * Measures texts.
     *
     * @param references of each text, at least one, as many for each
     * @throws IllegalArgumentException if there are no texts, or not as many lists of references
     */
    public static Bleu of(List<String> texts, List<List<String>> references) {
        requireReferences(texts, references);
        int[] matches = new int[ORDERS];
        int[] totals = new int[ORDERS];
        int length = 0;
        int closest = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<String> text = Words.mteval13a(texts.get(i));
            List<List<String>> wanted =
                    references.get(i).stream().map(Words::mteval13a).toList();
            length += text.size();
            closest += closestLength(text.size(), wanted);
            for (int n = 1; n <= ORDERS; n++) {
                NGrams grams = NGrams.of(text, n);
                matches[n - 1] += grams.clippedBy(NGrams.union(wanted, n));
                totals[n - 1] += grams.total();
            }
        }
        double penalty = brevityPenalty(length, closest);
        double[] precisions = smoothed(matches, totals);
        double[] scores = new double[ORDERS];
        double logs = 0;
        for (int n = 1; n <= ORDERS; n++) {
            logs += Math.log(precisions[n - 1]);
            scores[n - 1] = 100 * penalty * Math.exp(logs / n);
        }
        return new Bleu(scores, penalty, references.getFirst().size());
    }

    private static double[] smoothed(int[] matches, int[] totals) {
        double[] precisions = new double[ORDERS];
        double smooth = 1;
        boolean anyMatch = Arrays.stream(matches).anyMatch(count -> count > 0);
        for (int i = 0; i < ORDERS && anyMatch && totals[i] > 0; i++) {
            smooth *= matches[i] == 0 ? 2 : 1;
            precisions[i] = (matches[i] == 0 ? 1 / smooth : matches[i]) / totals[i];
        }
        return precisions;
    }

    /** The length of the reference nearest to a text's; of two equally near the shorter one. */
    static int closestLength(int length, List<List<String>> references) {
        return references.stream()
                .map(List::size)
                .min(Comparator.<Integer>comparingInt(size -> Math.abs(size - length))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    static double brevityPenalty(int length, int reference) {
        return length == 0 ? 0 : length >= reference ? 1 : Math.exp(1 - (double) reference / length);
    }

    static void requireReferences(List<String> texts, List<List<String>> references) {
        if (texts.isEmpty()
                || texts.size() != references.size()
                || references.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("There must be texts, and for each at least one reference.");
        }
    }

    /** BLEU-4, 0 to 100: what is called BLEU. */
    public double score() {
        return scores[ORDERS - 1];
    }

    /** How it was computed, in sacreBLEU's words. */
    public String signature() {
        return "nrefs:" + references + "|case:mixed|eff:no|tok:13a|smooth:exp";
    }
}
