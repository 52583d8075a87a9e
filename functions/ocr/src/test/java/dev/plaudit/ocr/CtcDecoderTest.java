package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.ModelException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CtcDecoderTest {
    private static final CtcDecoder DECODER = CtcDecoder.of(List.of("a", "b"), 4, "test");

    /** One row a step: blank, a, b, space. */
    private static float[] steps(int... classes) {
        float[] probabilities = new float[classes.length * 4];
        for (int step = 0; step < classes.length; step++) {
            for (int i = 0; i < 4; i++) {
                probabilities[step * 4 + i] = i == classes[step] ? 0.7f : 0.01f;
            }
        }
        return probabilities;
    }

    private static List<Symbol> decode(int... classes) {
        return DECODER.decode(steps(classes), 0, classes.length);
    }

    private static String text(List<Symbol> symbols) {
        return symbols.stream().map(Symbol::character).collect(Collectors.joining());
    }

    @Test
    void mergesRunsAndDropsBlanksAndSpaces() {
        assertThat(text(decode(1, 1, 0, 1, 2, 2, 0))).isEqualTo("aab");
        assertThat(text(decode(1, 3, 2))).isEqualTo("ab");
        assertThat(decode(0, 0)).isEmpty();
    }

    @Test
    void tellsWhereEachCharacterStands() {
        assertThat(decode(0, 1, 1, 0, 2)).extracting(Symbol::center).containsExactly(2.0, 4.5);
    }

    @Test
    void tellsHowLikelyASpaceStandsBeforeEachCharacter() {
        float[] probabilities = steps(1, 0, 0, 2, 1);
        probabilities[4 + 3] = 0.06f;
        assertThat(DECODER.decode(probabilities, 0, 5))
                .extracting(Symbol::space)
                .containsExactly(0f, 0.06f, 0f);
        assertThat(decode(1, 3, 2)).extracting(Symbol::space).containsExactly(0f, 0.7f);
    }

    @Test
    void tellsHowLikelyEachLookalikeIsAnother() {
        CtcDecoder figures = CtcDecoder.of(List.of("O", "0"), 4, "test");
        List<Symbol> symbols = figures.decode(new float[] {0, 0.6f, 0.3f, 0.1f}, 0, 1);
        assertThat(symbols).containsExactly(new Symbol("O", 0.6f, 0.5, 0, Map.of("O", 0.6f, "0", 0.3f)));
        assertThat(decode(1).getFirst().lookalikes()).isEmpty();
    }

    @Test
    void readsOneLineOfABatch() {
        float[] probabilities = steps(1, 1, 2, 0);
        assertThat(text(DECODER.decode(probabilities, 8, 2))).isEqualTo("b");
    }

    @Test
    void refusesADictionaryOfAnotherSize() {
        assertThatThrownBy(() -> CtcDecoder.of(List.of("a", "b"), 7, "my models"))
                .isInstanceOf(ModelException.class)
                .hasMessage("the recogniser of my models tells 7 classes apart, but its dictionary has 2 characters");
    }
}
