package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
    private final EvaluationReport report = report("Plaudit & <b>\"friends\"</b>");
    private final String html = report.html();

    private static EvaluationReport report(String title) {
        Random random = new Random(8);
        int n = 300;
        int[] likes = new int[n];
        int[] predicted = new int[n];
        int[] low = new int[n];
        int[] high = new int[n];
        int[] buckets = new int[n];
        double[][] probabilities = new double[n][7];
        for (int i = 0; i < n; i++) {
            likes[i] = (int) Math.expm1(random.nextDouble() * 9);
            predicted[i] = (int) (likes[i] * (0.5 + random.nextDouble()));
            low[i] = predicted[i] / 2;
            high[i] = predicted[i] * 2;
            buckets[i] = 1 + random.nextInt(7);
            Arrays.fill(probabilities[i], 0.5 / 6);
            probabilities[i][buckets[i] - 1] = 0.5;
        }
        int[] median = new int[n];
        Arrays.fill(median, 148);
        var model = new EvaluationReport.Row(
                "Plaudit", LikesMetrics.of(likes, predicted, low, high, probabilities, buckets), likes, predicted);
        var baseline = new EvaluationReport.Row("<global> median", LikesMetrics.ofPoint(likes, median), likes, median);
        return new EvaluationReport(
                title,
                "likes model",
                "made-up posts",
                "2 cores",
                42,
                List.of(
                        new EvaluationReport.Split("random", List.of(model, baseline)),
                        new EvaluationReport.Split("unseen companies", List.of(baseline))));
    }

    @Test
    void theTextHasOneAlignedTablePerSplit() {
        List<String> lines = report.text().lines().toList();
        assertThat(lines).contains("random", "unseen companies", "  seed     42");
        List<String> table = lines.subList(lines.indexOf("random") + 1, lines.indexOf("random") + 4);
        assertThat(table)
                .extracting(String::length)
                .containsOnly(table.getFirst().length());
        assertThat(table.get(0)).contains("predictor", "RMSE log", "macro F1", "coverage");
        assertThat(table.get(1)).contains("Plaudit", "300");
        assertThat(table.get(2)).contains("<global> median", "–");
    }

    @Test
    void theJsonCarriesEveryFigureButNotThePosts() throws Exception {
        JsonNode json = new ObjectMapper().readTree(report.json());
        JsonNode row = json.at("/splits/0/rows/0");
        assertThat(json.get("seed").asInt()).isEqualTo(42);
        assertThat(row.at("/metrics/n").asInt()).isEqualTo(300);
        assertThat(row.at("/metrics/confusion").size()).isEqualTo(7);
        assertThat(row.at("/metrics/interval/coverage").isNumber()).isTrue();
        assertThat(row.has("trueLikes")).isFalse();
        assertThat(json.at("/splits/0/rows/1/metrics").has("interval")).isFalse();
    }

    @Test
    void thePageEscapesWhatItIsGiven() {
        assertThat(html)
                .contains("<h1>Plaudit &amp; &lt;b&gt;&quot;friends&quot;&lt;/b&gt;</h1>")
                .contains("&lt;global&gt; median")
                .doesNotContain("<b>", "<global>");
    }

    @Test
    void thePageNeedsNothingElse() {
        assertThat(html).doesNotContain("<script", "<link", "<img", "src=", "http:", "https:", "@import");
    }

    @Test
    void thePageFollowsTheReadersLightOrDarkScheme() {
        assertThat(html).contains("prefers-color-scheme: dark");
        assertThat(Pattern.compile("(?:fill|stroke):([^;\"]+)")
                        .matcher(html)
                        .results()
                        .map(ink -> ink.group(1))
                        .distinct())
                .contains("currentColor", "var(--shade-1)", "var(--accent)")
                .allMatch(ink -> ink.equals("none") || ink.equals("currentColor") || ink.startsWith("var(--"));
    }

    @Test
    void everyPlotIsWellFormedAndHasAName() throws Exception {
        List<String> plots = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
                .matcher(html)
                .results()
                .map(match -> match.group())
                .toList();
        assertThat(plots).hasSize(4);
        for (String plot : plots) {
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(plot.getBytes(StandardCharsets.UTF_8)));
            assertThat(document.getDocumentElement().getAttribute("aria-label")).isNotBlank();
            assertThat(document.getElementsByTagName("path").getLength()).isPositive();
        }
    }

    @Test
    void theSameReportGivesTheSamePage() {
        assertThat(report.html()).isEqualTo(html);
    }
}
