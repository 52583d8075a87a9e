package dev.plaudit.training.evaluation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well text was read.
 *
 * @param pictures how many were read
 * @param characterErrorRate edits (Levenshtein: insertions, deletions, substitutions) over the characters of the truth
 * @param spacelessErrorRate the same with all white space left out
 * @param pictureRecall share of the pictures on which every word of the truth was found
 * @param wordRecall share of the words of the truth that were found
 */
public record ReadingMetrics(
        int pictures, double characterErrorRate, double spacelessErrorRate, double pictureRecall, double wordRecall) {

    /**
     * Compares what was read with the truth, both in Unicode's compatibility form (NFKC) with single spaces, lines joined
     * by one.
     *
     * @param truth the lines of each picture, in reading order
     * @param read what was read on each
     */
    public static ReadingMetrics of(List<List<String>> truth, List<List<String>> read) {
        if (truth.size() != read.size() || truth.isEmpty()) {
            throw new IllegalArgumentException("truth and reading must be of the same pictures, at least one");
        }
        List<String> expected = truth.stream().map(ReadingMetrics::text).toList();
        List<String> actual = read.stream().map(ReadingMetrics::text).toList();
        int whole = 0;
        int words = 0;
        int found = 0;
        for (int i = 0; i < expected.size(); i++) {
            List<String> wanted = List.of(expected.get(i).split(" "));
            List<String> left = new ArrayList<>(List.of(actual.get(i).split(" ")));
            int here = (int) wanted.stream().filter(left::remove).count();
            words += wanted.size();
            found += here;
            whole += here == wanted.size() ? 1 : 0;
        }
        return new ReadingMetrics(
                expected.size(),
                errorRate(expected, actual),
                errorRate(spaceless(expected), spaceless(actual)),
                (double) whole / expected.size(),
                (double) found / words);
    }

    private static String text(List<String> lines) {
        return Normalizer.normalize(String.join(" ", lines), Normalizer.Form.NFKC)
                .strip()
                .replaceAll("\\s+", " ");
    }

    private static List<String> spaceless(List<String> texts) {
        return texts.stream().map(text -> text.replace(" ", "")).toList();
    }

    private static double errorRate(List<String> expected, List<String> actual) {
        long edits = IntStream.range(0, expected.size())
                .mapToLong(i -> distance(expected.get(i), actual.get(i)))
                .sum();
        return (double) edits / expected.stream().mapToLong(String::length).sum();
    }

    /** The fewest insertions, deletions and substitutions that turn one text into the other. */
    static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
