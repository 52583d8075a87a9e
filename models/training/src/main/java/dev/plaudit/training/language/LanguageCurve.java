package dev.plaudit.training.language;

import dev.plaudit.training.language.LanguageHistory.Round;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the loss over the steps, of the instructions learnt from and of those to choose by. */
final class LanguageCurve {

    private LanguageCurve() {}

    static void write(LanguageHistory history, Path png) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(420)
                .title("Cross entropy of a token")
                .xAxisTitle("Step")
                .build();
        add(chart, "learnt from, with dropout", history.rounds(), Round::loss);
        add(chart, "to choose by", history.rounds(), Round::validationLoss);
        try (OutputStream file = Files.newOutputStream(png)) {
            BitmapEncoder.saveBitmap(chart, file, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private static void add(XYChart chart, String name, List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] x = rounds.stream().mapToDouble(Round::step).toArray();
        chart.addSeries(name, x, rounds.stream().mapToDouble(figure).toArray()).setMarker(SeriesMarkers.NONE);
    }
}
