package dev.plaudit.local;

import dev.plaudit.ocr.TextLine;
import dev.plaudit.ocr.TextReader;
import dev.plaudit.training.evaluation.ReadingMetrics;
import dev.plaudit.training.pictures.FlyerRenderer;
import dev.plaudit.training.pictures.RenderedFlyer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * How well text is read, on flyers drawn for it.
 *
 * @param metrics against what was drawn
 * @param medianMillis time of one picture
 */
record ReadingEvaluation(ReadingMetrics metrics, double medianMillis) {
    /** The seeds from here on are for this; thresholds were chosen on the flyers of the seeds below a thousand. */
    private static final long FIRST_SEED = 1_000_000;

    static ReadingEvaluation of(TextReader reader, int pictures) {
        FlyerRenderer renderer = new FlyerRenderer();
        List<List<String>> truth = new ArrayList<>();
        List<List<String>> read = new ArrayList<>();
        double[] millis = new double[pictures];
        try (ProgressBar bar = Bars.counting("reading", " pictures")) {
            for (long seed = FIRST_SEED; truth.size() < pictures; seed++) {
                RenderedFlyer flyer = renderer.render(seed);
                if (!flyer.lines().isEmpty()) {
                    long start = System.nanoTime();
                    read.add(reader.read(flyer.image()).stream()
                            .map(TextLine::text)
                            .toList());
                    millis[truth.size()] = (System.nanoTime() - start) / 1e6;
                    truth.add(flyer.lines());
                    bar.step();
                }
            }
        }
        Arrays.sort(millis);
        return new ReadingEvaluation(ReadingMetrics.of(truth, read), millis[pictures / 2]);
    }

    String text() {
        return """
                OCR of %d flyers drawn for it (%d cores)
                  character error rate          %6.2f %%   without spaces %.2f %%
                  every word found              %6.1f %% of the pictures
                  words found                   %6.1f %%
                  time of a picture, median     %6.0f ms""".formatted(
                        metrics.pictures(),
                        Runtime.getRuntime().availableProcessors(),
                        100 * metrics.characterErrorRate(),
                        100 * metrics.spacelessErrorRate(),
                        100 * metrics.pictureRecall(),
                        100 * metrics.wordRecall(),
                        medianMillis);
    }
}
