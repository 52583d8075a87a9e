package dev.plaudit.training.evaluation;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.training.evaluation.EvaluationReport.Column;
import dev.plaudit.training.evaluation.EvaluationReport.Row;
import dev.plaudit.training.evaluation.EvaluationReport.Split;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An {@link EvaluationReport} as one HTML page. */
record HtmlReport(EvaluationReport report) {
    private static final String SECTION = """
            <section>
            <h2>%s</h2>
            <div class="wide">%s</div>
            <p class="quiet">Plots: %s.</p>
            <div class="plots">
            %s
            </div>
            </section>
            """;

    private static final String FIGURE = """
            <figure>
            %s
            <figcaption>%s</figcaption>
            </figure>
            """;

    String page() {
        String sections = report.splits().stream().map(HtmlReport::section).collect(Collectors.joining());
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", report.model());
        facts.put("Data", report.data());
        facts.put("Machine", report.machine());
        facts.put("Seed", Long.toString(report.seed()));
        return new HtmlPage(report.title(), facts, sections).text();
    }

    private static String section(Split split) {
        Row model = split.rows().getFirst();
        return SECTION.formatted(
                HtmlPage.escape(split.name()), table(split), HtmlPage.escape(model.predictor()), plots(model));
    }

    private static String table(Split split) {
        String head = Arrays.stream(Column.values())
                .map(column -> "<th scope=\"col\" title=\"%s\">%s</th>".formatted(column.meaning, column.heading))
                .collect(Collectors.joining());
        String body = split.rows().stream()
                .map(row -> EvaluationReport.cells(row).stream()
                        .map(cell -> "<td>%s</td>".formatted(HtmlPage.escape(cell)))
                        .collect(Collectors.joining("", "<tr>", "</tr>\n")))
                .collect(Collectors.joining());
        return "<table class=\"metrics\"><thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody></table>".formatted(head, body);
    }

    private static String plots(Row row) {
        StringBuilder plots = new StringBuilder();
        plots.append(
                FIGURE.formatted(
                        Plots.density(row.trueLikes(), row.predictedLikes()),
                        "Predicted against true likes: the deeper, the more posts; on the dashed line the prediction is exact."));
        plots.append(FIGURE.formatted(
                confusion(row.metrics().confusion()),
                "True like bucket (rows) and predicted bucket (columns), in posts."));
        if (row.metrics().calibration() != null) {
            plots.append(FIGURE.formatted(
                    Plots.reliability(row.metrics().calibration()),
                    "Reliability: on the dashed line the classifier is right as often as it says."));
        }
        if (row.metrics().interval() != null) {
            plots.append(FIGURE.formatted(
                    Plots.coverage(row.metrics().interval()),
                    "Share of posts whose likes lie in the interval, by true bucket; the line is the share of all."));
        }
        return plots.toString();
    }

    private static String confusion(int[][] confusion) {
        String head = Arrays.stream(LikeBucket.values())
                .map(bucket -> "<th scope=\"col\">%s</th>".formatted(Plots.bucketName(bucket)))
                .collect(Collectors.joining());
        String body = Arrays.stream(LikeBucket.values())
                .map(bucket -> "<tr><th scope=\"row\">%s</th>%s</tr>\n"
                        .formatted(Plots.bucketName(bucket), heat(confusion[bucket.ordinal()])))
                .collect(Collectors.joining());
        return "<div class=\"wide\"><table class=\"heat\"><thead><tr><th></th>%s</tr></thead>\n<tbody>\n%s</tbody></table></div>"
                .formatted(head, body);
    }

    private static String heat(int[] row) {
        int sum = Math.max(1, IntStream.of(row).sum());
        return IntStream.of(row)
                .mapToObj(n -> String.format(Locale.ROOT, "<td style=\"--share: %.2f\">%,d</td>", 0.6 * n / sum, n))
                .collect(Collectors.joining());
    }
}
