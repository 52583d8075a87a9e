package dev.plaudit.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest {
    private static final int LOSSY = 12;

    private final PictureDecoder decoder = new PictureDecoder(MediaSettings.of(Map.of()));

    private BufferedImage decode(byte[] file) throws Exception {
        return decoder.decode(file, Function.identity());
    }

    private static void assertColor(BufferedImage picture, int x, int y, Color expected, int within) {
        Color color = new Color(picture.getRGB(x, y));
        assertThat(Math.abs(color.getRed() - expected.getRed())).isLessThanOrEqualTo(within);
        assertThat(Math.abs(color.getGreen() - expected.getGreen())).isLessThanOrEqualTo(within);
        assertThat(Math.abs(color.getBlue() - expected.getBlue())).isLessThanOrEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
    void readsEachFormat(String format) throws Exception {
        BufferedImage picture = decode(ImageFiles.halves(format));
        assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(picture.getWidth()).isEqualTo(32);
        assertThat(picture.getHeight()).isEqualTo(16);
        assertColor(picture, 4, 8, Color.RED, LOSSY);
        assertColor(picture, 28, 8, Color.BLUE, LOSSY);
    }

    @Test
    void readsWebP() throws Exception {
        BufferedImage picture = decode(Base64.getDecoder().decode(ImageFiles.WEBP));
        assertThat(picture.getWidth()).isEqualTo(1);
        assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    }

    /** Row 0 and column 0 of the stored picture, as the tag defines them. */
    @ParameterizedTest
    @CsvSource({
        "1, false, 4, 8, 28, 8",
        "2, false, 28, 8, 4, 8",
        "3, false, 28, 8, 4, 8",
        "4, false, 4, 8, 28, 8",
        "5, true, 8, 4, 8, 28",
        "6, true, 8, 4, 8, 28",
        "7, true, 8, 28, 8, 4",
        "8, true, 8, 28, 8, 4"
    })
    void turnsAPhotoAsItsExifSays(int orientation, boolean sideways, int redX, int redY, int blueX, int blueY)
            throws Exception {
        BufferedImage stored = ImageFiles.halves(32, 16, BufferedImage.TYPE_INT_RGB);
        BufferedImage picture = decode(ImageFiles.oriented(stored, orientation));
        assertThat(picture.getWidth()).isEqualTo(sideways ? 16 : 32);
        assertColor(picture, redX, redY, Color.RED, 40);
        assertColor(picture, blueX, blueY, Color.BLUE, 40);
    }

    /** What 6 and 8 do to the upper side, which the halves do not show. */
    @Test
    void tellsTurnedFromMirrored() throws Exception {
        BufferedImage stored = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        stored.createGraphics().fillRect(0, 0, 16, 16);
        assertColor(decode(ImageFiles.oriented(stored, 6)), 28, 4, Color.WHITE, 40);
        assertColor(decode(ImageFiles.oriented(stored, 8)), 4, 28, Color.WHITE, 40);
        assertColor(decode(ImageFiles.oriented(stored, 5)), 4, 4, Color.WHITE, 40);
        assertColor(decode(ImageFiles.oriented(stored, 7)), 28, 28, Color.WHITE, 40);
        assertColor(decode(ImageFiles.oriented(stored, 3)), 28, 28, Color.WHITE, 40);
        assertColor(decode(ImageFiles.oriented(stored, 4)), 4, 28, Color.WHITE, 40);
    }

    @Test
    void turnsAPngAndAWebPAsTheirExifSays() throws Exception {
        BufferedImage stored = ImageFiles.halves(32, 16, BufferedImage.TYPE_INT_RGB);
        BufferedImage picture = decode(ImageFiles.orientedPng(stored, 6));
        assertThat(picture.getWidth()).isEqualTo(16);
        assertColor(picture, 8, 4, Color.RED, 0);
        assertColor(picture, 8, 28, Color.BLUE, 0);
        assertThat(decode(ImageFiles.orientedWebP(32, 16, 6)).getWidth()).isEqualTo(16);
    }

    @Test
    void laysTransparencyOverWhite() throws Exception {
        BufferedImage clear = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
        assertColor(decode(ImageFiles.file(clear, "png")), 4, 4, Color.WHITE, 0);
        clear.setRGB(4, 4, 0x80_00_00_00);
        assertColor(decode(ImageFiles.file(clear, "png")), 4, 4, new Color(127, 127, 127), 1);
    }

    @Test
    void readsSixteenBits() throws Exception {
        byte[] color = {(byte) 0xFF, (byte) 0xFF, (byte) 0x80, 0, 0, 0};
        assertColor(decode(ImageFiles.png(1, 1, 16, 2, color)), 0, 0, new Color(255, 128, 0), 1);
        byte[] gray = {(byte) 0x80, 0};
        assertColor(decode(ImageFiles.png(1, 1, 16, 0, gray)), 0, 0, new Color(128, 128, 128), 1);
        byte[] grayWithAlpha = {0, 0, (byte) 0x80, 0};
        assertColor(decode(ImageFiles.png(1, 1, 16, 4, grayWithAlpha)), 0, 0, new Color(127, 127, 127), 1);
    }

    /**
     * Each ink alone. Ranges, for the colours depend on whether the machine has a profile of a press: cyan is 0, 255, 255
     * without one and 0, 174, 239 with that of SWOP.
     */
    @ParameterizedTest
    @ValueSource(ints = {ImageFiles.ADOBE_CMYK, ImageFiles.ADOBE_YCCK})
    void readsTheColoursOfCmyk(int transform) throws Exception {
        BufferedImage picture = decode(ImageFiles.inks(transform));
        assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        String[] bright = {"-GB", "R-B", "RG-", "---", "RGB"};
        for (int ink = 0; ink < bright.length; ink++) {
            int rgb = picture.getRGB(16 * ink + 8, 8);
            StringBuilder seen = new StringBuilder();
            for (int channel = 0; channel < 3; channel++) {
                int value = rgb >> 16 - 8 * channel & 0xFF;
                assertThat(value).as("%s: %06x", bright[ink], rgb & 0xFFFFFF).matches(v -> v < 90 || v > 130);
                seen.append(value > 130 ? "RGB".charAt(channel) : '-');
            }
            assertThat(seen).hasToString(bright[ink]);
        }
    }

    @Test
    void readsTheFirstFrameOfAnAnimatedWebP() throws Exception {
        BufferedImage still = decode(Base64.getDecoder().decode(ImageFiles.WEBP));
        BufferedImage picture = decode(ImageFiles.animatedWebP());
        assertThat(picture.getWidth()).isEqualTo(1);
        assertThat(picture.getRGB(0, 0)).isEqualTo(still.getRGB(0, 0));
    }

    @Test
    void looksAtTheFirstFrameOnly() throws Exception {
        BufferedImage picture = decode(ImageFiles.gif(10_000));
        assertColor(picture, 1, 4, Color.RED, LOSSY);
        assertColor(picture, 6, 4, Color.BLUE, LOSSY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp", "webp"})
    void neverFailsButByNameOnTruncatedOrCorruptFiles(String format) throws Exception {
        byte[] file = format.equals("webp") ? Base64.getDecoder().decode(ImageFiles.WEBP) : ImageFiles.halves(format);
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] broken = Arrays.copyOf(file, random.nextInt(file.length));
            for (int flip = 0; flip < i % 4 && broken.length > 0; flip++) {
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(decode(broken).getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
            } catch (UnavailableException e) {
                assertThat(e).hasMessageStartingWith("it ");
            }
        }
    }

    @Test
    void refusesABombBeforeItGoesOff() {
        assertThatThrownBy(() -> decode(ImageFiles.png(100_000, 100_000, 8, 0, new byte[100_000])))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it has 100,000 × 100,000 pixels, more than is looked at");
        assertThatThrownBy(() -> decode(ImageFiles.png(20_001, 1, 8, 0, new byte[20_001])))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it has 20,001 × 1 pixels, more than is looked at");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void looksAtTheSizeThatTheDecoderOfWebPMakesRoomFor(boolean animated) throws Exception {
        assertThat(decode(ImageFiles.extendedWebP(animated, 16, 16)).getWidth()).isEqualTo(16);
        assertThatThrownBy(() -> decode(ImageFiles.extendedWebP(animated, 1, 16_383)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it is damaged");
    }

    @Test
    void refusesALossyWebPThatItsDecoderWouldTakeTooMuchMemoryFor() throws Exception {
        assertThat(decode(ImageFiles.lossyWebP(1000, 100)).getWidth()).isEqualTo(1000);
        assertThatThrownBy(() -> decode(ImageFiles.lossyWebP(4000, 3001)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it has 4,000 × 3,001 pixels, more than is looked at");
    }

    @ParameterizedTest
    @CsvSource({"png 16 6, 13", "png 8 2, 9", "png 8 0, 9", "jpg, 14", "jpg lossless, 23", "webp, 28"})
    void aPictureMayTakeAsMuchMemoryAsThereIs(String format, int bytesOfAPixel) throws Exception {
        byte[] file =
                switch (format) {
                    case "jpg" -> ImageFiles.file(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpg");
                    case "jpg lossless" ->
                        ImageFiles.jpeg(
                                new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB),
                                new byte[] {(byte) 0xFF, (byte) 0xC3});
                    case "webp" -> ImageFiles.lossyWebP(64, 64);
                    default -> {
                        String[] kind = format.split(" ");
                        int colorType = Integer.parseInt(kind[2]);
                        int bits = Integer.parseInt(kind[1]);
                        int channels = Map.of(0, 1, 2, 3, 6, 4).get(colorType);
                        yield ImageFiles.png(64, 64, bits, colorType, new byte[64 * channels * bits / 8]);
                    }
                };
        int bytes = 64 * 64 * bytesOfAPixel;
        int width = decoderWithin(bytes).decode(file, BufferedImage::getWidth);
        assertThat(width).isEqualTo(64);
        assertThatThrownBy(() -> decoderWithin(bytes - 1).decode(file, BufferedImage::getWidth))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it has 64 × 64 pixels, more than is looked at");
    }

    @Test
    void picturesAreDecodedAndInUseAtATimeAsFarAsThereIsMemory() throws Exception {
        PictureDecoder forTwo = decoderWithin(2 * 32 * 16 * 14 + 1024);
        AtomicInteger used = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        Callable<Boolean> caller = () -> forTwo.decode(ImageFiles.halves("jpg"), _ -> {
            used.incrementAndGet();
            return ends(end);
        });
        List<FutureTask<Boolean>> calls =
                Stream.generate(() -> new FutureTask<>(caller)).limit(3).toList();
        List<Thread> threads = calls.stream().map(Thread.ofPlatform()::start).toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while ((used.get() < 2 || threads.stream().anyMatch(PictureDecoderTest::isAtWork))
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(used).hasValue(2);
        end.countDown();
        for (FutureTask<Boolean> call : calls) {
            assertThat(call.get()).isTrue();
        }
        assertThat(used).hasValue(3);
    }

    private static boolean isAtWork(Thread thread) {
        return thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING;
    }

    private static boolean ends(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PictureDecoder decoderWithin(int bytes) {
        return new PictureDecoder(MediaSettings.of(Map.of("plaudit.media.max-memory", Integer.toString(bytes))));
    }

    @Test
    void readsALosslessWebPUpToItsPixelsBeforeItsDecoderDoes() throws Exception {
        assertThat(decode(ImageFiles.repeatedPredictors(1)).getWidth()).isEqualTo(4000);
        assertThat(decode(ImageFiles.repeatedPredictorsOfAlpha(1)).getWidth()).isEqualTo(1000);
        for (byte[] bomb : List.of(
                ImageFiles.repeatedPredictors(1000),
                ImageFiles.repeatedPredictorsOfAlpha(10_000),
                ImageFiles.prefixCodes())) {
            assertThatThrownBy(() -> decode(bomb))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("it is damaged");
        }
    }

    static Set<String> metadataBombs() {
        return ImageFiles.metadataBombs().keySet();
    }

    @ParameterizedTest
    @MethodSource("metadataBombs")
    void leavesMetadataAloneThatWouldTakeGigabytes(String name) {
        assertThatCode(() -> decode(ImageFiles.metadataBombs().get(name))).doesNotThrowAnyException();
    }

    @Test
    void readsALargePictureCoarsely() throws Exception {
        BufferedImage large = ImageFiles.halves(6000, 5000, BufferedImage.TYPE_BYTE_BINARY);
        assertThat(decode(ImageFiles.file(large, "png")).getWidth()).isEqualTo(3000);
    }

    @Test
    void readsASinglePixel() throws Exception {
        assertColor(decode(ImageFiles.png(1, 1, 8, 2, new byte[] {1, 2, 3})), 0, 0, new Color(1, 2, 3), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<svg xmlns='http://www.w3.org/2000/svg'/>", "<!doctype html><p>not here</p>", "%PDF-1.7"})
    void refusesWhatIsNoPicture(String text) {
        assertThatThrownBy(() -> decode(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it is no JPEG, PNG, GIF, WebP or BMP");
    }

    @Test
    void refusesNothingAtAll() {
        assertThatThrownBy(() -> decode(new byte[0]))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it is empty");
    }
}
