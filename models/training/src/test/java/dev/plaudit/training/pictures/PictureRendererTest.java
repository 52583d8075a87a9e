package dev.plaudit.training.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.training.evaluation.CaptionMetrics;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PictureRendererTest {
    private static final PictureRenderer RENDERER = new PictureRenderer();

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @Test
    void theSameNumberIsAlwaysTheSamePicture() {
        RenderedPicture once = RENDERER.render(Split.TRAIN, 7);
        RenderedPicture again = new PictureRenderer().render(Split.TRAIN, 7);
        assertThat(again.caption()).isEqualTo(once.caption());
        assertThat(pixels(again.image())).isEqualTo(pixels(once.image()));
        assertThat(pixels(RENDERER.render(Split.VALIDATION, 7).image())).isNotEqualTo(pixels(once.image()));
    }

    @Test
    void captionsSayWhatIsThere() {
        for (long number = 0; number < 100; number++) {
            RenderedPicture picture = RENDERER.render(Split.TRAIN, number);
            CaptionMetrics metrics = CaptionMetrics.of(
                    picture.captions(),
                    Collections.nCopies(picture.captions().size(), picture.captions()),
                    Collections.nCopies(picture.captions().size(), picture.subject()),
                    Collections.nCopies(picture.captions().size(), picture.color()));
            assertThat(metrics.subjectNamed()).as(picture.caption()).isEqualTo(1);
            assertThat(metrics.colorNamed()).as(picture.caption()).isEqualTo(1);
            assertThat(picture.caption()).contains(picture.words());
        }
    }

    @Test
    void captionsCountInEnglish() {
        assertThat(named("car").counted(1, Hue.ORANGE)).isEqualTo("an orange car");
        assertThat(named("car").counted(3, Hue.RED)).isEqualTo("three red cars");
        assertThat(named("trophy").counted(2, Hue.RED)).isEqualTo("two red trophies");
        assertThat(named("leaf").counted(2, Hue.RED)).isEqualTo("two red leaves");
        assertThat(named("cup of coffee").counted(2, Hue.RED)).isEqualTo("two red cups of coffee");
        assertThat(named("headphones").counted(1, Hue.PINK)).isEqualTo("pink headphones");
        assertThat(named("headphones").counted(2, Hue.PINK)).isEqualTo("two pairs of pink headphones");
    }

    private static Thing named(String word) {
        return Pictograms.load().stream()
                .filter(thing -> thing.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMainObjectIsThereInItsColour() {
        for (Split split : Split.values()) {
            for (long number = 0; number < 50; number++) {
                RenderedPicture picture = RENDERER.render(split, number);
                long covered = Arrays.stream(pixels(picture.silhouette()))
                        .filter(pixel -> (pixel & 0xFF) > 128)
                        .count();
                double share = covered / (double) pixels(picture.image()).length;
                assertThat(share)
                        .as(split + " " + number + ": " + picture.caption())
                        .isBetween(0.01, 0.8);
            }
        }
    }

    @Test
    void noCaptionComesInBothSplits() {
        assertThat(captions(Split.VALIDATION)).doesNotContainAnyElementsOf(captions(Split.TRAIN));
    }

    private static Set<String> captions(Split split) {
        return LongStream.range(0, 200)
                .mapToObj(number -> RENDERER.render(split, number).caption())
                .collect(Collectors.toSet());
    }

    @Test
    void everyThingAndEveryColourComes() {
        Map<String, Long> subjects = count(RenderedPicture::subject);
        assertThat(subjects.keySet()).containsExactlyInAnyOrderElementsOf(RENDERER.subjects());
        assertThat(subjects).hasSizeGreaterThan(40);
        assertThat(count(RenderedPicture::color)).hasSize(Hue.values().length);
    }

    private static Map<String, Long> count(Function<RenderedPicture, String> what) {
        return LongStream.range(0, 600)
                .mapToObj(number -> RENDERER.render(Split.TRAIN, number))
                .collect(Collectors.groupingBy(what, Collectors.counting()));
    }
}
