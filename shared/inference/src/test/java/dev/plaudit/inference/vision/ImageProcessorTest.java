package dev.plaudit.inference.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plaudit.inference.vision.ImageProcessor.Size;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorTest {
    @ParameterizedTest
    @CsvSource({"7, 16, 6, 13, 0, 3", "16, 7, 13, 6, 3, 0", "6, 9, 6, 9, 0, 1", "6, 6, 6, 6, 0, 0"})
    void theMiddleIsThatOfTheResizedPicture(int width, int height, int toWidth, int toHeight, int left, int top) {
        BufferedImage picture = ResamplingTest.patterned(width, height);
        BufferedImage middle =
                Resampling.BICUBIC.resize(picture, toWidth, toHeight).getSubimage(left, top, 6, 6);
        float[] values = levels(6).pixelValues(picture);
        for (int i = 0; i < 36; i++) {
            int rgb = middle.getRGB(i % 6, i / 6);
            assertThat(values[i]).isEqualTo(rgb >> 16 & 0xFF);
            assertThat(values[36 + i]).isEqualTo(rgb >> 8 & 0xFF);
            assertThat(values[72 + i]).isEqualTo(rgb & 0xFF);
        }
    }

    @Test
    void ofALongThinPictureOnlyTheMiddleIsMade() {
        BufferedImage thin = new BufferedImage(20_000, 1, BufferedImage.TYPE_INT_RGB);
        assertThat(levels(224).pixelValues(thin)).hasSize(3 * 224 * 224);
    }

    @ParameterizedTest
    @CsvSource({"5, 6", "6, 5", "2, 9"})
    void aPictureSmallerThanItsMiddleIsRefused(int width, int height) {
        ImageProcessor cutting = new ImageProcessor(
                Optional.empty(), Optional.of(new Size.Exact(6, 6)), Resampling.BICUBIC, 1, new float[3], new float[3]);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cutting.pixelValues(small))
                .withMessage("a picture of %d by %d pixels has no middle part of 6 by 6", width, height);
    }

    /** The middle of a picture whose shorter side becomes as long, in levels from 0 to 255. */
    private static ImageProcessor levels(int side) {
        return new ImageProcessor(
                Optional.of(new Size.ShortestEdge(side)),
                Optional.of(new Size.Exact(side, side)),
                Resampling.BICUBIC,
                1,
                new float[3],
                new float[] {1, 1, 1});
    }
}
