package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** With two texts every run of words that only one text's references have weighs ln 2, which cosines cancel. */
class CiderTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final List<List<String>> REFERENCES = List.of(List.of("a red cup"), List.of("a blue car"));

    /**
     * The first text is its reference: cosine 1 for one to three words; there are no four. The second shares one of two
     * words ("a" weighs nothing), one of two pairs, and no triple.
     */
    @Test
    void weighsWordsByHowRareTheyAre() {
        double first = (1 + 1 + 1 + 0) / 4.0;
        double second = (1 / 2.0 + 1 / 2.0 + 0 + 0) / 4.0;
        assertThat(Cider.mean(List.of("A red cup.", "a blue cup"), REFERENCES))
                .isEqualTo(10 * (first + second) / 2, EXACT);
    }

    /**
     * Words: red 1, cup 2, against red 1, cup 1: the second cup is clipped, but lengthens the vector. Pairs: two of three
     * shared. Triples: one of two. One word too many costs exp(-1 / 72).
     */
    @Test
    void clipsRepetitionsAndPunishesLength() {
        double cosines = 2 / Math.sqrt(5 * 2) + 2 / Math.sqrt(3 * 2) + 1 / Math.sqrt(2);
        assertThat(Cider.mean(List.of("a red cup cup", "zzz"), REFERENCES))
                .isEqualTo(10 * cosines / 4 * Math.exp(-1 / 72.0) / 2, EXACT);
    }

    /** A word that stands in two references of one text is still in one text only. */
    @Test
    void severalReferencesAreAveragedAndCountOnceAsADocument() {
        List<List<String>> references = List.of(List.of("a red cup", "a red mug"), List.of("a blue car"));
        double same = (1 + 1 + 1) / 4.0;
        double other = (1 / 2.0 + 1 / 2.0 + 0) / 4.0;
        assertThat(Cider.mean(List.of("a red cup", "zzz"), references)).isEqualTo(10 * (same + other) / 2 / 2, EXACT);
    }
}
