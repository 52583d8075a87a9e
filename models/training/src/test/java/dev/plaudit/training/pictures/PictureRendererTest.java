package dev.plaudit.training.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Map;
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
        for (long number = 0; number < 200; number++) {
            RenderedPicture picture = RENDERER.render(Split.TRAIN, number);
            assertThat(picture.caption()).contains(picture.color() + " " + picture.subject(), picture.words());
            assertThat(picture.references()).contains(picture.caption());
            assertThat(Arrays.stream(pixels(picture.image())).distinct().count())
                    .isGreaterThan(1);
        }
    }

    @Test
    void everyThingAndEveryColourComes() {
        Map<String, Long> subjects = count(RenderedPicture::subject);
        assertThat(subjects.keySet()).containsExactlyInAnyOrderElementsOf(RENDERER.subjects());
        assertThat(subjects).hasSizeGreaterThan(60);
        assertThat(count(RenderedPicture::color)).hasSizeGreaterThan(9);
    }

    private static Map<String, Long> count(Function<RenderedPicture, String> what) {
        return LongStream.range(0, 1500)
                .mapToObj(number -> RENDERER.render(Split.VALIDATION, number))
                .collect(Collectors.groupingBy(what, Collectors.counting()));
    }
}
