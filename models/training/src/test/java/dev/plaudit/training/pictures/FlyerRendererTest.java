package dev.plaudit.training.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlyerRendererTest {
    private final FlyerRenderer renderer = new FlyerRenderer();

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }

    @Test
    void aSeedGivesAFlyerAndAnotherGivesAnother() {
        RenderedFlyer flyer = renderer.render(7);
        RenderedFlyer again = renderer.render(7);
        assertThat(again.lines()).isEqualTo(flyer.lines());
        assertThat(pixels(again.image())).isEqualTo(pixels(flyer.image()));
        assertThat(Arrays.equals(pixels(renderer.render(8).image()), pixels(flyer.image())))
                .isFalse();
    }

    @Test
    void flyersAreAsManifoldAsTheyShouldBe() {
        var flyers = IntStream.range(0, 60).mapToObj(renderer::render).toList();
        assertThat(flyers).allSatisfy(flyer -> {
            assertThat(flyer.image().getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
            assertThat(flyer.image().getWidth()).isBetween(400, 1400);
            assertThat(flyer.lines()).hasSizeLessThanOrEqualTo(6).doesNotContain("");
        });
        assertThat(flyers.stream()
                        .mapToInt(flyer -> flyer.lines().size())
                        .distinct()
                        .count())
                .isGreaterThanOrEqualTo(4);
        assertThat(flyers.stream().filter(flyer -> flyer.lines().isEmpty())).hasSizeLessThan(6);
    }
}
