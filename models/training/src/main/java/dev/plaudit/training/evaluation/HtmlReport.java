package dev.plaudit.training.evaluation;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.training.evaluation.EvaluationReport.Column;
import dev.plaudit.training.evaluation.EvaluationReport.Row;
import dev.plaudit.training.evaluation.EvaluationReport.Split;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An {@link EvaluationReport} as one HTML page. */
record HtmlReport(EvaluationReport report) {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            :root { color-scheme: light dark; --ground: #fff; --text: #1d2430; --quiet: #5b6575; --line: #dfe3ea;
              --accent: #c2410c; --shade-1: #c7dbf5; --shade-2: #7fb0ea; --shade-3: #3a7bd0; --shade-4: #123f82;
              --heat: 37 99 235; }
            @media (prefers-color-scheme: dark) { :root { --ground: #12161d; --text: #e6e9ef; --quiet: #98a2b3;
              --line: #2b3340; --accent: #fb923c; --shade-1: #1f3a5f; --shade-2: #2f63a8; --shade-3: #5b9bea;
              --shade-4: #c9e0ff; --heat: 96 165 250; } }
            body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto;
              max-width: 68rem; padding: 2rem 1.25rem 4rem; }
            h1 { font-size: 1.75rem; margin: 0 0 1rem; }
            h2 { border-top: 1px solid var(--line); font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: 1.5rem; }
            dl { display: grid; gap: .15rem 1rem; grid-template-columns: max-content 1fr; margin: 0; }
            dt, figcaption, .quiet { color: var(--quiet); }
            dd { margin: 0; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem; text-align: right; white-space: nowrap; }
            th { color: var(--quiet); font-weight: 500; }
            th:first-child, td:first-child { text-align: left; }
            .metrics tbody tr:first-child { font-weight: 600; }
            .plots { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%%), 1fr));
              margin-top: 1.5rem; }
            figure { margin: 0; min-width: 0; }
            figure svg { display: block; height: auto; width: 100%%; }
            .heat td { background: rgb(var(--heat) / var(--share)); min-width: 2.5rem; }
            .heat td, .heat th { font-size: .85rem; padding: .35rem .4rem; text-align: center; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            <dl>
            <dt>Model</dt><dd>%2$s</dd>
            <dt>Data</dt><dd>%3$s</dd>
            <dt>Machine</dt><dd>%4$s</dd>
            <dt>Seed</dt><dd>%5$d</dd>
            </dl>
            %6$s
            </body>
            </html>
            """;

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
        return PAGE.formatted(
                escape(report.title()),
                escape(report.model()),
                escape(report.data()),
                escape(report.machine()),
                report.seed(),
                sections);
    }

    private static String section(Split split) {
        Row model = split.rows().getFirst();
        return SECTION.formatted(escape(split.name()), table(split), escape(model.predictor()), plots(model));
    }

    private static String table(Split split) {
        String head = Arrays.stream(Column.values())
                .map(column -> "<th scope=\"col\" title=\"%s\">%s</th>".formatted(column.meaning, column.heading))
                .collect(Collectors.joining());
        String body = split.rows().stream()
                .map(row -> EvaluationReport.cells(row).stream()
                        .map(cell -> "<td>%s</td>".formatted(escape(cell)))
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

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
