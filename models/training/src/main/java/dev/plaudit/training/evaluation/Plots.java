package dev.plaudit.training.evaluation;

import dev.plaudit.events.LikeBucket;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The plots of a report as SVG elements for an HTML page. Every ink is a CSS colour of the page, so that one plot serves a
 * light and a dark page.
 */
final class Plots {
    static {
        System.setProperty("java.awt.headless", "true");
    }

    private static final int WIDTH = 480;
    private static final int HEIGHT = 380;
    private static final int CELLS_PER_DECADE = 8;
    private static final int SHADES = 4;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color NONE = new Color(0, 0, 0, 0);

    /** A colour that nothing else in a plot has, and what the page makes of it. */
    private enum Ink {
        TEXT("currentColor"),
        GRID("var(--line)"),
        ACCENT("var(--accent)"),
        SHADE_1("var(--shade-1)"),
        SHADE_2("var(--shade-2)"),
        SHADE_3("var(--shade-3)"),
        SHADE_4("var(--shade-4)");

        final Color color = new Color(1, 2, 3 + ordinal());
        final String css;

        Ink(String css) {
            this.css = css;
        }

        static Ink shade(int shade) {
            return values()[SHADE_1.ordinal() + shade];
        }

        String rgb() {
            return "rgb(%d,%d,%d)".formatted(color.getRed(), color.getGreen(), color.getBlue());
        }
    }

    private Plots() {}

    /** Accuracy against confidence; on the diagonal the probabilities are honest. */
    static String reliability(Calibration calibration) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("confidence")
                .yAxisTitle("accuracy")
                .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        addLine(chart, "honest", new double[] {0, 1}, new double[] {0, 1});
        chart.addSeries(
                        "measured",
                        calibration.bins().stream()
                                .mapToDouble(Calibration.Bin::confidence)
                                .toArray(),
                        calibration.bins().stream()
                                .mapToDouble(Calibration.Bin::accuracy)
                                .toArray())
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(Ink.ACCENT.color)
                .setLineColor(Ink.ACCENT.color);
        return svg(chart, "Reliability diagram: accuracy against confidence");
    }

    /** Predicted against true likes; the more posts in a cell, the deeper its shade. */
    static String density(int[] trueLikes, int[] predictedLikes) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("true likes + 1")
                .yAxisTitle("predicted likes + 1")
                .build();
        style(chart.getStyler());
        chart.getStyler().setMarkerSize(5);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        double top = Math.pow(
                10,
                Math.ceil(Math.log10(1.0
                        + Math.max(
                                Arrays.stream(trueLikes).max().orElse(9),
                                Arrays.stream(predictedLikes).max().orElse(9)))));
        chart.getStyler().setXAxisMin(1.0).setXAxisMax(top).setYAxisMin(1.0).setYAxisMax(top);
        List<List<double[]>> shades = shades(trueLikes, predictedLikes);
        for (int shade = 0; shade < SHADES; shade++) {
            List<double[]> cells = shades.get(shade);
            if (!cells.isEmpty()) {
                chart.addSeries(
                                "shade " + shade,
                                cells.stream().mapToDouble(cell -> cell[0]).toArray(),
                                cells.stream().mapToDouble(cell -> cell[1]).toArray())
                        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                        .setMarker(SeriesMarkers.SQUARE)
                        .setMarkerColor(Ink.shade(shade).color);
            }
        }
        addLine(chart, "exact", new double[] {1, top}, new double[] {1, top});
        return svg(chart, "Predicted against true likes");
    }

    /** The middles of the cells that hold posts, by shade: each shade four times as many posts as the one before. */
    private static List<List<double[]>> shades(int[] trueLikes, int[] predictedLikes) {
        record Cell(int x, int y) implements Comparable<Cell> {
            @Override
            public int compareTo(Cell other) {
                return x == other.x ? Integer.compare(y, other.y) : Integer.compare(x, other.x);
            }
        }
        Map<Cell, Integer> counts = new TreeMap<>();
        for (int i = 0; i < trueLikes.length; i++) {
            counts.merge(new Cell(cell(trueLikes[i]), cell(predictedLikes[i])), 1, Integer::sum);
        }
        List<List<double[]>> shades = IntStream.range(0, SHADES)
                .<List<double[]>>mapToObj(i -> new ArrayList<>())
                .toList();
        counts.forEach((cell, count) -> {
            int shade = Math.min(SHADES - 1, (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count)) / 2);
            shades.get(shade).add(new double[] {middle(cell.x), middle(cell.y)});
        });
        return shades;
    }

    private static int cell(int likes) {
        return (int) (CELLS_PER_DECADE * Math.log10(1.0 + likes));
    }

    private static double middle(int cell) {
        return Math.pow(10, (cell + 0.5) / CELLS_PER_DECADE);
    }

    /** The share of posts inside the interval, by true bucket, and over all as a line. */
    static String coverage(LikesMetrics.Interval interval) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("true likes")
                .yAxisTitle("inside the interval")
                .build();
        style(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setAvailableSpaceFill(0.7).setOverlapped(true);
        chart.getStyler().setXAxisLabelRotation(30);
        List<Integer> present = IntStream.range(0, LikeBucket.COUNT)
                .filter(b -> !Double.isNaN(interval.coverageByBucket()[b]))
                .boxed()
                .toList();
        List<String> names =
                present.stream().map(b -> bucketName(LikeBucket.values()[b])).toList();
        chart.addSeries(
                        "by bucket",
                        names,
                        present.stream()
                                .map(b -> interval.coverageByBucket()[b])
                                .toList())
                .setFillColor(Ink.SHADE_2.color);
        CategorySeries all = chart.addSeries(
                "all posts",
                names,
                present.stream().map(b -> interval.coverage()).toList());
        all.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        all.setLineColor(Ink.ACCENT.color);
        all.setMarker(SeriesMarkers.NONE);
        return svg(chart, "Share of posts inside the interval, by true like bucket");
    }

    /** The bucket's range in words. */
    static String bucketName(LikeBucket bucket) {
        return bucket == LikeBucket.OVER_2500 ? "over 2500" : bucket.low() + "–" + bucket.high();
    }

    private static void addLine(XYChart chart, String name, double[] x, double[] y) {
        XYSeries line = chart.addSeries(name, x, y);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(Ink.TEXT.color);
        line.setLineStyle(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 4}, 0));
    }

    private static void style(AxesChartStyler styler) {
        styler.setLegendVisible(false)
                .setChartTitleVisible(false)
                .setChartBackgroundColor(NONE)
                .setPlotBackgroundColor(NONE)
                .setPlotBorderVisible(false)
                .setChartFontColor(Ink.TEXT.color)
                .setChartPadding(4);
        styler.setPlotGridLinesColor(Ink.GRID.color)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setAxisTickLabelsColor(Ink.TEXT.color)
                .setAxisTickMarksColor(Ink.GRID.color);
        styler.setAxisTitleFont(FONT).setAxisTickLabelsFont(FONT).setAxisTicksMarksVisible(false);
        styler.setXAxisTitleColor(Ink.TEXT.color);
        styler.setYAxisTitleColor(Ink.TEXT.color);
    }

    private static String svg(IChart chart, String label) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String svg = bytes.toString(StandardCharsets.UTF_8);
        for (Ink ink : Ink.values()) {
            svg = svg.replace(ink.rgb(), ink.css);
        }
        svg = svg.replace("fill:rgb(0,0,0);fill-opacity:0;", "fill:none;");
        int root = svg.indexOf("<svg");
        int size = svg.indexOf("viewBox", root);
        return "<svg role=\"img\" aria-label=\"%s\" ".formatted(label)
                + svg.substring(size, svg.indexOf('"', size + "viewBox=\"".length()) + 1)
                + svg.substring(svg.indexOf('>', size));
    }
}
