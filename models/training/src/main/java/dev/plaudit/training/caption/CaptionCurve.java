package dev.plaudit.training.caption;

import dev.plaudit.training.caption.CaptionHistory.Round;
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

/** Draws loss and shares of right answers over the steps. */
final class CaptionCurve {

    private CaptionCurve() {}

    static void write(CaptionHistory history, Path png) throws IOException {
        XYChart loss = chart("Cross entropy of the captions");
        add(loss, "training", history, Round::loss);
        add(loss, "unseen", history, Round::validationLoss);
        XYChart right = chart("Share that is right");
        add(right, "subject, head on the picture", history, Round::pictureSubject);
        add(right, "the same, unseen", history, Round::unseenSubject);
        add(right, "colour, head on the picture", history, Round::pictureColor);
        add(right, "subject named, unseen", history, Round::subjectNamed);
        add(right, "colour named, unseen", history, Round::colorNamed);
        try (OutputStream file = Files.newOutputStream(png)) {
            BitmapEncoder.saveBitmap(List.of(loss, right), 1, 2, file, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private static XYChart chart(String figure) {
        return new XYChartBuilder()
                .width(560)
                .height(400)
                .title(figure)
                .xAxisTitle("Step")
                .build();
    }

    private static void add(XYChart chart, String name, CaptionHistory history, ToDoubleFunction<Round> figure) {
        double[] x = history.rounds().stream().mapToDouble(Round::step).toArray();
        double[] y = history.rounds().stream().mapToDouble(figure).toArray();
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
    }
}
