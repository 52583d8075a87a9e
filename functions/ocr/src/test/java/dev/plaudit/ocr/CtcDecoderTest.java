package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ModelException;
import java.util.List;
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

    private static CtcDecoder.Reading decode(int... classes) {
        return DECODER.decode(steps(classes), 0, classes.length);
    }

    @Test
    void mergesRunsAndDropsBlanks() {
        assertThat(decode(1, 1, 0, 1, 2, 2, 0).text()).isEqualTo("aab");
        assertThat(decode(1, 3, 2).text()).isEqualTo("a b");
        assertThat(decode(0, 0).text()).isEmpty();
    }

    @Test
    void aBlankThatIsAlmostASpaceIsOne() {
        float[] probabilities = steps(1, 0, 0, 2, 0);
        probabilities[4 + 3] = 0.06f;
        assertThat(DECODER.decode(probabilities, 0, 5).text()).isEqualTo("a b");
        probabilities[4 + 3] = 0.04f;
        assertThat(DECODER.decode(probabilities, 0, 5).text()).isEqualTo("ab");
    }

    @Test
    void isAsSureAsItsCharactersAreOnTheMean() {
        float[] probabilities = steps(1, 0, 2);
        probabilities[1] = 0.9f;
        assertThat(DECODER.decode(probabilities, 0, 3).confidence()).isEqualTo(0.8, within(1e-6));
        assertThat(decode(0, 0).confidence()).isZero();
    }

    @Test
    void readsOneLineOfABatch() {
        float[] probabilities = steps(1, 1, 2, 0);
        assertThat(DECODER.decode(probabilities, 8, 2).text()).isEqualTo("b");
    }

    @Test
    void refusesADictionaryOfAnotherSize() {
        assertThatThrownBy(() -> CtcDecoder.of(List.of("a", "b"), 7, "my models"))
                .isInstanceOf(ModelException.class)
                .hasMessage("the recogniser of my models tells 7 classes apart, but its dictionary has 2 characters");
    }
}
