package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On lines of 48 pixels in height, of bars for characters; one step is one pixel. */
class WordBreaksTest {
    private static final int HEIGHT = 48;
    private static final int BAR = 20;

    private static BufferedImage line(int width) {
        BufferedImage line = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = line.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, HEIGHT);
        graphics.dispose();
        return line;
    }

    /** How many characters each word has, of a line with these gaps between its bars. */
    private static List<Integer> words(double slant, float space, int... gaps) {
        BufferedImage line = line(400);
        Graphics2D graphics = line.createGraphics();
        graphics.setColor(Color.BLACK);
        graphics.transform(new java.awt.geom.AffineTransform(1, 0, -slant, 1, slant * HEIGHT / 2, 0));
        List<Symbol> symbols = new ArrayList<>();
        int x = 20;
        for (int i = 0; i <= gaps.length; i++) {
            graphics.fillRect(x, HEIGHT / 4, BAR, HEIGHT / 2);
            symbols.add(new Symbol("I", 1, x + BAR / 2.0, space, Map.of()));
            x += BAR + (i < gaps.length ? gaps[i] : 0);
        }
        graphics.dispose();
        return sizes(symbols, line);
    }

    private static List<Integer> sizes(List<Symbol> symbols, BufferedImage line) {
        return WordBreaks.words(symbols, line, 1).stream().map(List::size).toList();
    }

    @Test
    void breaksWhereTheGapIsWiderThanTheOthers() {
        assertThat(words(0, 0.02f, 5, 5, 20, 5, 5)).containsExactly(3, 3);
        assertThat(words(0, 0.02f, 5, 5, 5, 5, 5)).containsExactly(6);
        assertThat(words(0, 0.02f, 20, 20, 20, 20, 20)).containsExactly(6);
    }

    @Test
    void breaksOnlyWhereTheRecogniserThinksOfASpace() {
        assertThat(words(0, 0.5f, 5, 5, 11, 5, 5)).containsExactly(3, 3);
        assertThat(words(0, 0.002f, 5, 5, 11, 5, 5)).containsExactly(6);
    }

    @Test
    void seesTheGapsOfSlantedLetters() {
        assertThat(words(0.2, 0.02f, 5, 5, 20, 5, 5)).containsExactly(3, 3);
    }

    @Test
    void judgesAShortLineByAnAverageFont() {
        assertThat(words(0, 0.9f, 25)).containsExactly(1, 1);
        assertThat(words(0, 0.02f, 5)).containsExactly(2);
    }

    @Test
    void leavesItToTheRecogniserWhereNoGapCanBeSeen() {
        BufferedImage restless = line(400);
        for (int x = 0; x < 400; x++) {
            for (int y = x % 3; y < HEIGHT; y += 3) {
                restless.setRGB(x, y, 0);
            }
        }
        List<Symbol> symbols = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            symbols.add(new Symbol("a", 1, 20 + 30 * i, i == 3 ? 0.1f : 0.01f, Map.of()));
        }
        assertThat(sizes(symbols, restless)).containsExactly(3, 3);
    }

    @Test
    void aLineWithoutCharactersHasNoWords() {
        assertThat(sizes(List.of(), line(10))).isEmpty();
    }
}
