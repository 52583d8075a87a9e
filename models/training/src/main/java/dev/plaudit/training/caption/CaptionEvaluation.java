package dev.plaudit.training.caption;

import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.training.Progress;
import dev.plaudit.training.evaluation.CaptionMetrics;
import dev.plaudit.training.pictures.RenderedPicture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How well a captioner does on pictures drawn for it, one at a time, as it would be used.
 *
 * @param metrics against what was drawn
 * @param medianMillis time of one picture
 */
public record CaptionEvaluation(CaptionMetrics metrics, double medianMillis) {
    /** The first number of the pictures for this; a training watches itself on those from 0. */
    private static final int FIRST = 1_000_000;

    /**
     * Has pictures captioned and compares.
     *
     * @param renderer makes the picture of a number, of those that a training does not learn from
     * @param pictures how many, at least 1
     */
    public static CaptionEvaluation of(
            Blip2Captioner captioner, IntFunction<RenderedPicture> renderer, int pictures, Progress progress) {
        List<RenderedPicture> drawn = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        double[] millis = new double[pictures];
        for (int i = 0; i < pictures; i++) {
            RenderedPicture picture = renderer.apply(FIRST + i);
            long start = System.nanoTime();
            captions.addAll(captioner.caption(List.of(captioner.pixelValues(picture.image()))));
            millis[i] = (System.nanoTime() - start) / 1e6;
            drawn.add(picture);
            progress.update("Captioning unseen pictures", (i + 1.0) / pictures, "");
        }
        Arrays.sort(millis);
        return new CaptionEvaluation(
                CaptionMetrics.of(
                        captions,
                        drawn.stream().map(RenderedPicture::captions).toList(),
                        drawn.stream().map(RenderedPicture::subject).toList(),
                        drawn.stream().map(RenderedPicture::color).toList()),
                millis[pictures / 2]);
    }
}
