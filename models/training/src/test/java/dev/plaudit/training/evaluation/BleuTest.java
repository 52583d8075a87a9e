package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BleuTest {
    private static final Offset<Double> EXACT = within(1e-12);

    /** Papineni et al. 2002, section 2.1: "the" seven times matches as often as it stands in one reference. */
    @Test
    void aWordMatchesNoOftenerThanAReferenceHasIt() {
        Bleu bleu = Bleu.of(
                List.of("the the the the the the the"),
                List.of(List.of("the cat is on the mat", "there is a cat on the mat")));
        assertThat(bleu.scores()[0]).isEqualTo(100 * 2 / 7.0, EXACT);
        assertThat(bleu.references()).isEqualTo(2);
    }

    /** Matches: 5 of 6 words, 3 of 5 pairs, 1 of 4 triples, none of 3 fours, which counts as half a one. */
    @Test
    void anOrderWithoutAMatchCountsAsHalfAOne() {
        Bleu bleu = Bleu.of(List.of("the cat sat on the mat"), List.of(List.of("the cat is on the mat")));
        assertThat(bleu.scores()[1]).isEqualTo(100 * Math.sqrt(5 / 6.0 * 3 / 5.0), EXACT);
        assertThat(bleu.score()).isEqualTo(100 * Math.pow(5 / 6.0 * 3 / 5.0 * 1 / 4.0 * 0.5 / 3, 1 / 4.0), EXACT);
        assertThat(bleu.signature()).isEqualTo("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp");
    }

    /** Triples and fours without a match count as a half and a quarter: 2 of 4, 1 of 3, 1/2 of 2, 1/4 of 1. */
    @Test
    void everyFurtherOrderWithoutAMatchCountsHalfAgain() {
        Bleu bleu = Bleu.of(List.of("a b x y"), List.of(List.of("a b c d")));
        assertThat(bleu.score()).isEqualTo(100 * Math.pow(1 / 2.0 * 1 / 3.0 * 1 / 4.0 * 1 / 4.0, 1 / 4.0), EXACT);
    }

    /** Sums come before ratios: 4 + 1 of 4 + 2 words, 3 + 0 of 3 + 1 pairs. */
    @Test
    void countsAreSummedOverTheCorpus() {
        Bleu bleu = Bleu.of(List.of("a b c d", "a x"), List.of(List.of("a b c d"), List.of("a b")));
        assertThat(bleu.scores()[1]).isEqualTo(100 * Math.sqrt(5 / 6.0 * 3 / 4.0), EXACT);
    }

    @Test
    void whatIsTooShortIsPunishedByTheNearestReference() {
        Bleu bleu = Bleu.of(List.of("a b"), List.of(List.of("a b c", "a b c d e f")));
        assertThat(bleu.brevityPenalty()).isEqualTo(Math.exp(1 - 3 / 2.0), EXACT);
        assertThat(bleu.scores()[1]).isEqualTo(100 * Math.exp(1 - 3 / 2.0), EXACT);
        assertThat(bleu.score()).as("no text has four words").isZero();
    }

    @Test
    void theTokensAreThoseOfMteval13a() {
        assertThat(Words.mteval13a("Hello, world! It's $5.50 (a 10-year deal) &amp; e-mail: #now 1,000."))
                .containsExactly(
                        ("Hello , world ! It's $ 5.50 ( a 10 - year deal ) & e-mail : # now 1,000 .").split(" "));
    }

    @Test
    void everyWhiteSpaceOfUnicodeDividesAsInPython() {
        assertThat(Words.mteval13a("Good\u00a0morning,\u3000Leeds\u2003now"))
                .containsExactly("Good", "morning", ",", "Leeds", "now");
        assertThat(Words.spaced("\u00a0a\u2028b\u001fc ")).containsExactly("a", "b", "c");
    }

    @Test
    void nothingInCommonIsZeroAndNoTextsAreRefused() {
        assertThat(Bleu.of(List.of("a b c d"), List.of(List.of("e f g h"))).score())
                .isZero();
        assertThatThrownBy(() -> Bleu.of(List.of(), List.of()))
                .hasMessage("There must be texts, and for each at least one reference.");
    }

    /** As above, but an order without a match counts as a tenth of one. */
    @Test
    void nltksFirstSmoothingCountsATenth() {
        assertThat(SentenceBleu.mean(
                        List.of("the cat sat on the mat", "no word here"),
                        List.of(List.of("the cat is on the mat"), List.of("nothing in common"))))
                .isEqualTo(Math.pow(5 / 6.0 * 3 / 5.0 * 1 / 4.0 * 0.1 / 3, 1 / 4.0) / 2, EXACT);
    }

    /** A text of two words has no triples: 0.1 of 1 stands for them, as NLTK has it. */
    @Test
    void nltkHasNoEffectiveOrder() {
        assertThat(SentenceBleu.mean(List.of("a b"), List.of(List.of("a b c"))))
                .isEqualTo(Math.exp(1 - 3 / 2.0) * Math.pow(0.01, 1 / 4.0), EXACT);
    }
}
