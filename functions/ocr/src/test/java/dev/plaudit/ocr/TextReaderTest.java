package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PP-OCRv4 itself, on pictures drawn here. */
class TextReaderTest {
    private static TextReader reader;

    @BeforeAll
    static void open() {
        reader = TextReader.open(OcrSettings.of(Map.of()));
    }

    @AfterAll
    static void close() {
        reader.close();
    }

    private static List<String> read(Drawing drawing) {
        return read(drawing.picture);
    }

    private static List<String> read(BufferedImage picture) {
        return reader.read(picture).stream().map(TextLine::text).toList();
    }

    @Test
    void readsLinesFromTopToBottomAndRowsFromTheLeft() {
        Drawing flyer = new Drawing(800, 600, Color.WHITE)
                .text("Grand opening", 60, 60, 120, Color.BLACK)
                .text("Fresh bread", 40, 60, 260, Color.BLACK)
                .text("from six", 40, 480, 260, Color.BLACK)
                .text("Free coffee for everyone", 36, 60, 420, Color.BLACK);
        assertThat(read(flyer)).containsExactly("Grand opening", "Fresh bread", "from six", "Free coffee for everyone");
    }

    @Test
    void saysWhereEachLineStands() {
        Drawing flyer = new Drawing(400, 300, Color.WHITE).text("SALE", 60, 100, 170, Color.BLACK);
        TextLine line = reader.read(flyer.picture).getFirst();
        assertThat(line.confidence()).isBetween(0.8, 1.0);
        assertThat(line.box().center().getX()).isBetween(165.0, 195.0);
        assertThat(line.box().center().getY()).isBetween(135.0, 160.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-15, -8, 8, 15})
    void readsTurnedText(double degrees) {
        Drawing flyer = new Drawing(900, 700, Color.WHITE)
                .turned(degrees)
                .text("Summer sale", 70, 200, 280, Color.BLACK)
                .text("half price today", 60, 200, 420, Color.BLACK);
        assertThat(read(flyer)).containsExactly("Summer sale", "half price today");
    }

    @Test
    void readsTextOnItsHead() {
        Drawing flyer =
                new Drawing(800, 300, Color.WHITE).turned(180).text("Summer sale today", 70, 100, 180, Color.BLACK);
        assertThat(read(flyer)).containsExactly("Summer sale today");
    }

    @Test
    void readsSmallText() {
        Drawing flyer = new Drawing(300, 80, Color.WHITE).text("Terms and conditions apply", 14, 20, 45, Color.BLACK);
        assertThat(read(flyer)).containsExactly("Terms and conditions apply");
    }

    @Test
    void readsFaintText() {
        Drawing flyer = new Drawing(600, 300, new Color(200, 200, 200))
                .text("Members only", 60, 80, 170, new Color(130, 130, 130));
        assertThat(read(flyer)).containsExactly("Members only");
    }

    @Test
    void readsWhiteTextOnAPhoto() {
        Drawing flyer =
                new Drawing(800, 600, new Color(60, 80, 90)).photo(1).text("Black Friday", 90, 120, 330, Color.WHITE);
        assertThat(read(flyer)).containsExactly("Black Friday");
    }

    @Test
    void readsABannerOfEightThousandByTwoHundredPixels() {
        Drawing banner = new Drawing(8000, 200, Color.WHITE)
                .text("Welcome to the opening", 110, 200, 140, Color.BLACK)
                .text("Free entry all day", 110, 4000, 140, Color.BLACK);
        assertThat(String.join(" ", read(banner))).isEqualTo("Welcome to the opening Free entry all day");
    }

    @Test
    void readsALongLine() {
        String line = "This offer is valid for all customers in every shop of the country until Sunday evening";
        Drawing flyer = new Drawing(2000, 200, Color.WHITE).text(line, 40, 60, 115, Color.BLACK);
        assertThat(read(flyer)).containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 300})
    void findsNothingWhereThereIsNoText(int side) {
        assertThat(read(new Drawing(side, side, Color.ORANGE))).isEmpty();
        assertThat(read(new Drawing(side, side, Color.BLACK))).isEmpty();
    }

    @Test
    void aNoisyPhotoBearsNoText() {
        assertThat(read(new Drawing(640, 480, new Color(60, 80, 90)).photo(2))).isEmpty();
    }

    @Test
    void readsTheSameFromManyThreads() throws Exception {
        BufferedImage picture = new Drawing(500, 200, Color.WHITE).text("Open today", 60, 60, 120, Color.BLUE).picture;
        List<TextLine> alone = reader.read(picture);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<List<TextLine>>> readings = IntStream.range(0, 8)
                    .<Callable<List<TextLine>>>mapToObj(i -> () -> reader.read(picture))
                    .toList();
            for (Future<List<TextLine>> reading : threads.invokeAll(readings)) {
                assertThat(reading.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void picturesInHandAreReadBeforeTheEnd() throws Exception {
        BufferedImage flyer = new Drawing(400, 150, Color.WHITE).text("Hello", 60, 60, 100, Color.BLACK).picture;
        TextReader ending = TextReader.open(OcrSettings.of(Map.of()));
        CountDownLatch busy = new CountDownLatch(2);
        Callable<Void> caller = () -> {
            while (true) {
                assertThat(ending.read(flyer)).extracting(TextLine::text).containsExactly("Hello");
                busy.countDown();
            }
        };
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> calls = List.of(callers.submit(caller), callers.submit(caller));
            busy.await();
            ending.close();
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the reader of pictures is closed"));
        }
    }
}
