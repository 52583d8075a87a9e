package dev.plaudit.training.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How well captions meet pictures whose content is known.
 *
 * @param pictures how many
 * @param bleu4 of the whole, 0 to 100
 * @param ciderD 0 to 10
 * @param subjectNamed share of the pictures whose caption names the main object
 * @param colorNamed share whose caption gives the main object's colour to an object, be it the right one; the same colour
 *     said of a ground or a tag does not count
 */
public record CaptionMetrics(int pictures, double bleu4, double ciderD, double subjectNamed, double colorNamed) {

    /**
     * Compares captions with what is known, picture by picture.
     *
     * @param references of each picture all captions that are right
     * @param subjects the main object of each picture, in the singular
     * @param colors the main object's colour
     * @throws IllegalArgumentException if there is no picture, or if the lists differ in length
     */
    public static CaptionMetrics of(
            List<String> captions, List<List<String>> references, List<String> subjects, List<String> colors) {
        if (captions.size() != subjects.size() || captions.size() != colors.size()) {
            throw new IllegalArgumentException("captions, subjects and colours must be of the same pictures");
        }
        String any = new TreeSet<>(subjects)
                .descendingSet().stream().map(CaptionMetrics::eitherNumber).collect(Collectors.joining("|", "(", ")"));
        return new CaptionMetrics(
                captions.size(),
                Bleu.of(captions, references).score(),
                Cider.mean(captions, references),
                share(
                        captions,
                        subjects.stream().map(CaptionMetrics::eitherNumber).toList()),
                share(
                        captions,
                        colors.stream()
                                .map(color -> Pattern.quote(color) + " " + any)
                                .toList()));
    }

    private static double share(List<String> captions, List<String> wanted) {
        return IntStream.range(0, captions.size())
                        .filter(i -> contains(captions.get(i), wanted.get(i)))
                        .count()
                / (double) captions.size();
    }

    private static boolean contains(String caption, String words) {
        return Pattern.compile("\\b" + words + "\\b")
                .matcher(caption.toLowerCase(Locale.ROOT))
                .find();
    }

    /** Matches words in the singular and in the plural. */
    private static String eitherNumber(String words) {
        return Pattern.compile(" ")
                .splitAsStream(words)
                .map(word -> Pattern.quote(word.replaceFirst("[yf]$", ""))
                        + (word.endsWith("y") ? "(?:y|ies)" : word.endsWith("f") ? "(?:f|ves)" : "(?:s|es)?"))
                .collect(Collectors.joining(" "));
    }
}
