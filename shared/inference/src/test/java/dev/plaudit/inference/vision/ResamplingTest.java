package dev.plaudit.inference.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplingTest {
    /** The levels that Pillow 9.4 gives for the same picture. */
    @ParameterizedTest
    @CsvSource({
        "7, 5, 4, 3, BILINEAR, 3a0b00744147a29eff899a798916c6584c9f75a93984a58358216d9257776db4927eb07f",
        "7, 5, 4, 3, BICUBIC, 370500784142a6a0ff8498719111d3534da575ac2c85a488531d729759796ab88d7fb07e",
        "5, 4, 7, 6, BILINEAR, 0000001507003018004a34006462b67f9cff94d0ff2e0400430b005e1c007838009266b6ada0ffc2d4ff6a082b7f0f2b8e202b893c2ba36aa4bea4d4d3d8d4a70dd4bc14d49925d41c41d4366f5b51a92b66dd2b6412ff7919ff6f2aff2e46ff48744963ae0078e2001115ff261cff412dff5b49ff75774990b100a5e500",
        "5, 4, 7, 6, BICUBIC, 0000000c05002a15004434005e60c17ca1ff90d5ff2502003608005918007f37009963c9b7a4ffcbd8ff6b071f810d1f951d1f953c1fae68b1cda9e0e1dde0b40ce0d812e0ac22e01041e0236d4e48ae1f5ce21f6211ff7f17ff7327ff2646ff3d72365eb30072e7000414ff171aff3a2aff6149ff7b753e99b600adea00",
        "40, 9, 5, 5, BILINEAR, 7564777b61807e787b818784857c77756f857c5c807f7c8383927c838785777c7a7965807d837d819c8284947a787e837a70807d828280997d839a83815c807772807b8d807f8480808280",
        "40, 9, 5, 5, BICUBIC, 7461707a62817e798081898087787775708b7b587e7e7d7f82967f848486777e767a61807e838081a08084927a768185796f7f7d817f809d7f849b8383588075727f7b907f7e847f808080",
        "3, 50, 3, 4, BILINEAR, 78317a873e7a73657a818080828d8082b3807bb2807ca6807d738089457a75417a8c5a7a",
        "3, 50, 3, 4, BICUBIC, 772a79873779725e7983828082928084bc807bbc807dab807b7280893d797538798d5679",
        "1, 1, 2, 2, BILINEAR, 000000000000000000000000",
        "1, 1, 2, 2, BICUBIC, 000000000000000000000000"
    })
    void resizesToTheLevelAsPillowDoes(
            int width, int height, int toWidth, int toHeight, Resampling filter, String rgb) {
        BufferedImage resized = filter.resize(patterned(width, height), toWidth, toHeight);
        byte[] levels = new byte[3 * toWidth * toHeight];
        for (int i = 0; i < toWidth * toHeight; i++) {
            int pixel = resized.getRGB(i % toWidth, i / toWidth);
            levels[3 * i] = (byte) (pixel >> 16);
            levels[3 * i + 1] = (byte) (pixel >> 8);
            levels[3 * i + 2] = (byte) pixel;
        }
        assertThat(HexFormat.of().formatHex(levels)).isEqualTo(rgb);
    }

    @ParameterizedTest
    @EnumSource
    void aPictureOfOneColourStaysSo(Resampling filter) {
        BufferedImage plain = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
        plain.setRGB(0, 0, 0xFF8040);
        BufferedImage resized = filter.resize(plain, 5, 3);
        for (int i = 0; i < 15; i++) {
            assertThat(resized.getRGB(i % 5, i / 5)).isEqualTo(0xFFFF8040);
        }
    }

    @Test
    void aPictureOfTheRightSizeIsLeftAsItIs() {
        BufferedImage picture = patterned(6, 4);
        BufferedImage same = Resampling.BICUBIC.resize(picture, 6, 4);
        assertThat(same.getRGB(0, 0, 6, 4, null, 0, 6)).isEqualTo(picture.getRGB(0, 0, 6, 4, null, 0, 6));
    }

    static BufferedImage patterned(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                graphics.setColor(new Color(
                        (x * 37 + y * 91) % 256, (x * x * 13 + y * 7) % 256, (x / 3 + y / 2) % 2 == 1 ? 255 : 0));
                graphics.fillRect(x, y, 1, 1);
            }
        }
        graphics.dispose();
        return picture;
    }
}
