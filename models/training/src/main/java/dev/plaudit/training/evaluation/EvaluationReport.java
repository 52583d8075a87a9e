package dev.plaudit.training.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an evaluation found, as a table for a terminal, as JSON, and as a page with plots.
 *
 * @param title the heading
 * @param model which model was evaluated
 * @param data on which posts
 * @param machine on which machine
 * @param seed of the splits
 * @param splits the ways in which test posts were set apart
 */
public record EvaluationReport(String title, String model, String data, String machine, long seed, List<Split> splits) {

    /**
     * A way to set test posts apart, as at random or by company.
     *
     * @param name in words
     * @param rows the predictors, the model itself first, then the baselines
     */
    public record Split(String name, List<Row> rows) {
        public Split {
            rows = List.copyOf(rows);
        }
    }

    /**
     * How one predictor did on a split.
     *
     * @param predictor in words
     * @param metrics its figures
     * @param trueLikes what the test posts really got, for the plot; not in the JSON
     * @param predictedLikes what was predicted, as many
     */
    public record Row(
            String predictor,
            LikesMetrics metrics,
            @JsonIgnore int[] trueLikes,
            @JsonIgnore int[] predictedLikes) {}

    public EvaluationReport {
        splits = List.copyOf(splits);
    }

    /** One table per split: the predictors below each other, a column per metric. */
    public String text() {
        StringBuilder text = new StringBuilder("%s%n%n  model    %s%n  data     %s%n  machine  %s%n  seed     %d%n"
                .formatted(title, model, data, machine, seed));
        for (Split split : splits) {
            text.append("%n%s%n".formatted(split.name()));
            List<List<String>> cells =
                    split.rows().stream().map(EvaluationReport::cells).toList();
            int[] widths = IntStream.range(0, Column.values().length)
                    .map(i -> Math.max(
                            Column.values()[i].heading.length(),
                            cells.stream()
                                    .mapToInt(row -> row.get(i).length())
                                    .max()
                                    .orElse(0)))
                    .toArray();
            List<String> headings = List.of(Column.values()).stream()
                    .map(column -> column.heading)
                    .toList();
            text.append(line(headings, widths));
            cells.forEach(row -> text.append(line(row, widths)));
        }
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> ("%" + (i == 0 ? "-" : "") + widths[i] + "s").formatted(cells.get(i)))
                .collect(Collectors.joining("  ", "  ", System.lineSeparator()));
    }

    static List<String> cells(Row row) {
        return List.of(Column.values()).stream().map(column -> column.cell(row)).toList();
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

    /** The report as one HTML page that needs nothing else: styles and plots are inside. */
    public String html() {
        return new HtmlReport(this).page();
    }

    /** What the tables show. */
    enum Column {
        PREDICTOR("predictor", "") {
            @Override
            String cell(Row row) {
                return row.predictor();
            }
        },
        POSTS("posts", "Test posts") {
            @Override
            String cell(Row row) {
                return String.format(Locale.ROOT, "%,d", row.metrics().n());
            }
        },
        RMSE_LOG("RMSE log", "Root mean squared error of log1p(likes)") {
            @Override
            String cell(Row row) {
                return number("%.3f", row.metrics().rmseLog());
            }
        },
        RMSE("RMSE", "Root mean squared error of likes") {
            @Override
            String cell(Row row) {
                return number("%,.0f", row.metrics().rmseLikes());
            }
        },
        MAE("MAE", "Mean absolute error of likes") {
            @Override
            String cell(Row row) {
                return number("%,.0f", row.metrics().mae());
            }
        },
        ACCURACY("accuracy", "Share of posts in the right like bucket") {
            @Override
            String cell(Row row) {
                return number("%.3f", row.metrics().bucketAccuracy());
            }
        },
        MACRO_F1("macro F1", "Mean F1 score of the like buckets") {
            @Override
            String cell(Row row) {
                return number("%.3f", row.metrics().macroF1());
            }
        },
        ECE("ECE", "Expected calibration error, 15 bins") {
            @Override
            String cell(Row row) {
                var calibration = row.metrics().calibration();
                return calibration == null ? ABSENT : number("%.3f", calibration.expectedError());
            }
        },
        COVERAGE("coverage", "Share of posts whose likes lie in the interval") {
            @Override
            String cell(Row row) {
                var interval = row.metrics().interval();
                return interval == null ? ABSENT : number("%.1f %%", 100 * interval.coverage());
            }
        },
        WIDTH("width", "Mean width of the interval in log1p(likes)") {
            @Override
            String cell(Row row) {
                var interval = row.metrics().interval();
                return interval == null ? ABSENT : number("%.2f", interval.meanLogWidth());
            }
        };

        private static final String ABSENT = "–";

        final String heading;
        final String meaning;

        Column(String heading, String meaning) {
            this.heading = heading;
            this.meaning = meaning;
        }

        abstract String cell(Row row);

        private static String number(String format, double value) {
            return String.format(Locale.ROOT, format, value);
        }
    }
}
