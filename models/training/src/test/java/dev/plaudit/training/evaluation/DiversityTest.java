package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiversityTest {

    /** Words a b a a c: three different ones of five. Pairs ab, ba, ac: all different. */
    @Test
    void countsDifferentWordsAndPairsOverAllTexts() {
        Diversity diversity = Diversity.of(List.of("a b a", "a c"));
        assertThat(diversity.distinctOne()).isEqualTo(3 / 5.0);
        assertThat(diversity.distinctTwo()).isEqualTo(1);
    }

    /** Of three texts, two are the same and score 1; the third shares one word of four with them. */
    @Test
    void aTextLikeTheOthersRaisesSelfBleu() {
        double third = Math.pow(1 / 4.0 * 0.1 / 3 * 0.1 / 2 * 0.1, 1 / 4.0);
        assertThat(Diversity.of(List.of("a b c d", "a b c d", "a x y z")).selfBleu())
                .isEqualTo((1 + 1 + third) / 3, within(1e-12));
    }

    @Test
    void oneTextCannotBeDiverse() {
        assertThatThrownBy(() -> Diversity.of(List.of("a"))).hasMessage("Diversity needs at least two texts.");
    }
}
