package dev.plaudit.training.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws loss and accuracy over the epochs, for training and validation. */
final class LearningCurve {

    private LearningCurve() {}

    static void write(TrainingHistory history, Path png) throws IOException {
        XYChart loss = chart("Cross entropy");
        add(loss, "training", history, TrainingHistory.Epoch::loss);
        add(loss, "validation", history, TrainingHistory.Epoch::validationLoss);
        XYChart accuracy = chart("Accuracy");
        add(accuracy, "training", history, TrainingHistory.Epoch::accuracy);
        add(accuracy, "validation", history, TrainingHistory.Epoch::validationAccuracy);
        try (OutputStream file = Files.newOutputStream(png)) {
            BitmapEncoder.saveBitmap(List.of(loss, accuracy), 1, 2, file, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private static XYChart chart(String figure) {
        XYChart chart = new XYChartBuilder()
                .width(560)
                .height(400)
                .title(figure)
                .xAxisTitle("Epoch")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        return chart;
    }

    private static void add(
            XYChart chart, String name, TrainingHistory history, ToDoubleFunction<TrainingHistory.Epoch> figure) {
        double[] x = history.epochs().stream()
                .mapToDouble(TrainingHistory.Epoch::number)
                .toArray();
        double[] y = history.epochs().stream().mapToDouble(figure).toArray();
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.CIRCLE);
    }
}
