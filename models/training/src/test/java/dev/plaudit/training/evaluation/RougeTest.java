package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RougeTest {
    private static final Offset<Double> EXACT = within(1e-12);

    /** Lin 2004, section 3.1: both share the pair "the gunman", but only one keeps the order. */
    @Test
    void theLongestCommonSubsequenceSeesOrderWherePairsDoNot() {
        List<List<String>> reference = List.of(List.of("police killed the gunman"));
        Rouge inOrder = Rouge.mean(List.of("police kill the gunman"), reference);
        Rouge reversed = Rouge.mean(List.of("the gunman kill police"), reference);
        assertThat(inOrder.longest()).isEqualTo(3 / 4.0, EXACT);
        assertThat(reversed.longest()).isEqualTo(2 / 4.0, EXACT);
        assertThat(inOrder.two()).isEqualTo(1 / 3.0, EXACT);
        assertThat(reversed.two()).isEqualTo(1 / 3.0, EXACT);
        assertThat(inOrder.one()).isEqualTo(3 / 4.0, EXACT);
    }

    /** Precision 2/2, recall 2/6: their harmonic mean is 4/8. */
    @Test
    void precisionAndRecallWeighTheSame() {
        assertThat(Rouge.mean(List.of("Big SALE!"), List.of(List.of("the big sale starts at six")))
                        .one())
                .isEqualTo(4 / 8.0, EXACT);
    }

    @Test
    void ofSeveralReferencesTheBestCountsAndTextsAreAveraged() {
        Rouge rouge = Rouge.mean(List.of("a b", "x"), List.of(List.of("c d", "a b", "a c"), List.of("y")));
        assertThat(rouge).isEqualTo(new Rouge(0.5, 0.5, 0.5));
    }
}
