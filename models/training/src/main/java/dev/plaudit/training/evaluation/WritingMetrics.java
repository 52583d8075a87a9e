package dev.plaudit.training.evaluation;

import java.util.List;

/**
 * How near written texts come to those that people wrote, and how different they are from each other.
 *
 * @param texts how many
 * @param words mean number in a text, by white space
 * @param bleu of the corpus, as sacreBLEU defines it
 * @param meanSentenceBleu mean of the texts' own BLEU, as NLTK defines it with its first smoothing, 0 to 1
 * @param rouge mean F1
 * @param cider CIDEr-D, 0 to 10
 * @param diversity of the texts
 */
public record WritingMetrics(
        int texts, double words, Bleu bleu, double meanSentenceBleu, Rouge rouge, double cider, Diversity diversity) {

    /**
     * Measures texts.
     *
     * @param references what people wrote, one for each text
     * @throws IllegalArgumentException if there are fewer than two texts, or not as many references
     */
    public static WritingMetrics of(List<String> texts, List<String> references) {
        List<List<String>> each = references.stream().map(List::of).toList();
        return new WritingMetrics(
                texts.size(),
                texts.stream()
                        .mapToInt(text -> Words.spaced(text).size())
                        .average()
                        .orElse(0),
                Bleu.of(texts, each),
                SentenceBleu.mean(texts, each),
                Rouge.mean(texts, each),
                Cider.mean(texts, each),
                Diversity.of(texts));
    }
}
