package dev.plaudit.training.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plaudit.events.LikeLevel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an evaluation of a writer found, as a table for a terminal, as JSON, and as a page.
 *
 * @param model which model was evaluated
 * @param data on which posts
 * @param machine on which machine
 * @param perplexity how many tokens the model hesitates between where people wrote one; of a text that half of the
 *     model's context has no room for, only a beginning counts
 * @param rows the ways of writing, then baselines
 * @param copies what was copied
 * @param levels how like levels were told, one for each way of knowing the account
 */
public record WritingReport(
        String model,
        String data,
        String machine,
        double perplexity,
        List<Row> rows,
        Copies copies,
        List<Levels> levels) {
    private static final String TITLE = "Content simulation on unseen posts";

    /**
     * One way of writing.
     *
     * @param writer in words
     */
    public record Row(String writer, WritingMetrics metrics) {}

    /**
     * What sampled posts have word for word from the posts learnt from.
     *
     * @param samples how many were looked at
     * @param longest words of the longest run
     * @param median words of the longest run of half the samples, at most
     * @param run the longest run
     */
    public record Copies(int samples, int longest, int median, String run) {}

    /**
     * How like levels were told.
     *
     * @param known what is known of the account
     * @param posts how many
     * @param accuracy share of the posts whose level is right
     * @param bestConstant the accuracy of the level that is most frequent among them
     * @param calibration how honest the probabilities are
     */
    public record Levels(String known, int posts, double accuracy, double bestConstant, Calibration calibration) {
        /**
         * Measures probabilities of levels.
         *
         * @param truths the level of each post, from 0
         * @param probabilities of the levels, for each post
         */
        public static Levels of(String known, int[] truths, double[][] probabilities) {
            int[] counts = new int[LikeLevel.values().length];
            int right = 0;
            for (int i = 0; i < truths.length; i++) {
                double[] odds = probabilities[i];
                int likeliest = IntStream.range(0, odds.length)
                        .reduce((a, b) -> odds[b] > odds[a] ? b : a)
                        .orElseThrow();
                counts[truths[i]]++;
                right += likeliest == truths[i] ? 1 : 0;
            }
            return new Levels(
                    known,
                    truths.length,
                    (double) right / truths.length,
                    (double) IntStream.of(counts).max().orElseThrow() / truths.length,
                    Calibration.of(truths, probabilities));
        }
    }

    public WritingReport {
        rows = List.copyOf(rows);
        levels = List.copyOf(levels);
    }

    private static final List<String> HEADINGS = List.of(
            "writer",
            "posts",
            "words",
            "BLEU-1",
            "BLEU-2",
            "BLEU-3",
            "BLEU-4",
            "BLEU, mean",
            "ROUGE-1",
            "ROUGE-2",
            "ROUGE-L",
            "CIDEr-D",
            "distinct-1",
            "distinct-2",
            "self-BLEU");

    private static List<String> cells(Row row) {
        WritingMetrics m = row.metrics();
        double[] bleu = m.bleu().scores();
        return List.of(
                row.writer(),
                Integer.toString(m.texts()),
                number("%.1f", m.words()),
                number("%.2f", bleu[0]),
                number("%.2f", bleu[1]),
                number("%.2f", bleu[2]),
                number("%.2f", bleu[3]),
                number("%.4f", m.meanSentenceBleu()),
                number("%.3f", m.rouge().one()),
                number("%.3f", m.rouge().two()),
                number("%.3f", m.rouge().longest()),
                number("%.3f", m.cider()),
                number("%.3f", m.diversity().distinctOne()),
                number("%.3f", m.diversity().distinctTwo()),
                number("%.3f", m.diversity().selfBleu()));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** How BLEU was computed. */
    private String definitions() {
        return "BLEU-1 to 4 of the corpus as sacreBLEU has it (%s); its mean over posts as NLTK's sentence_bleu has it"
                        .formatted(rows.getFirst().metrics().bleu().signature())
                + " (words by white space, smoothing method1); ROUGE as F1";
    }

    private List<String> sentences() {
        SequencedMap<String, String> sentences = new LinkedHashMap<>();
        sentences.put("perplexity", number("%.1f a token", perplexity));
        sentences.put(
                "copied",
                "at most %d words in a row of %d sampled posts, %d of half of them: \"%s\""
                        .formatted(copies.longest(), copies.samples(), copies.median(), copies.run()));
        for (Levels level : levels) {
            sentences.put(
                    "like level, " + level.known(),
                    number("%.3f right", level.accuracy())
                            + number(", best constant %.3f", level.bestConstant())
                            + number(
                                    ", expected calibration error %.3f",
                                    level.calibration().expectedError())
                            + ", %,d posts".formatted(level.posts()));
        }
        return sentences.entrySet().stream()
                .map(sentence -> sentence.getKey() + ": " + sentence.getValue())
                .toList();
    }

    /** A table with a row for each way of writing, and sentences. */
    public String text() {
        List<List<String>> table = new ArrayList<>(List.of(HEADINGS));
        rows.forEach(row -> table.add(cells(row)));
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(i -> table.stream()
                        .mapToInt(row -> row.get(i).length())
                        .max()
                        .orElse(0))
                .toArray();
        String lines = table.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
        return "%s%n%n  model    %s%n  data     %s%n  machine  %s%n%n%s%n%n  %s%n  %s.%n"
                .formatted(TITLE, model, data, machine, lines, String.join("\n  ", sentences()), definitions());
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> ("%" + (i == 0 ? "-" : "") + widths[i] + "s").formatted(cells.get(i)))
                .collect(Collectors.joining("  ", "  ", ""));
    }

    /** The report as one JSON object, its fields named as the components of the records here. */
    public String json() {
        try {
            return JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The report cannot be written as JSON.", e);
        }
    }

    /** The report as one HTML page that needs nothing else. */
    public String html() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", model);
        facts.put("Data", data);
        facts.put("Machine", machine);
        String head = HEADINGS.stream()
                .map(heading -> "<th scope=\"col\">%s</th>".formatted(heading))
                .collect(Collectors.joining());
        String body = rows.stream()
                .map(row -> cells(row).stream()
                        .map(cell -> "<td>%s</td>".formatted(HtmlPage.escape(cell)))
                        .collect(Collectors.joining("", "<tr>", "</tr>\n")))
                .collect(Collectors.joining());
        String list = sentences().stream()
                .map(sentence -> "<li>%s</li>".formatted(HtmlPage.escape(sentence)))
                .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
        return new HtmlPage(
                        TITLE,
                        facts,
                        "<section>\n<div class=\"wide\"><table class=\"metrics\"><thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody></table></div>\n%s\n<p class=\"quiet\">%s.</p>\n</section>"
                                .formatted(head, body, list, HtmlPage.escape(definitions())))
                .text();
    }
}
