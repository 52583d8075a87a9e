package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingMetricsTest {
    /** Wagner and Fischer's (1974) own measure, on the examples that everybody knows. */
    @Test
    void countsTheFewestEdits() {
        assertThat(ReadingMetrics.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(ReadingMetrics.distance("", "abc")).isEqualTo(3);
        assertThat(ReadingMetrics.distance("abc", "")).isEqualTo(3);
        assertThat(ReadingMetrics.distance("sale", "sale")).isZero();
    }

    /** Truth: 8 characters on one picture, 4 on the other; one space is missing, one letter wrong. */
    @Test
    void weighsPicturesByTheirCharactersAndWordsByWhetherTheyAreThere() {
        ReadingMetrics metrics = ReadingMetrics.of(
                List.of(List.of("big", "sale"), List.of("open")), List.of(List.of("bigsale"), List.of("opem")));
        assertThat(metrics.pictures()).isEqualTo(2);
        assertThat(metrics.characterErrorRate()).isEqualTo(2 / 12.0, within(1e-12));
        assertThat(metrics.spacelessErrorRate()).isEqualTo(1 / 11.0, within(1e-12));
        assertThat(metrics.pictureRecall()).isZero();
        assertThat(metrics.wordRecall()).isZero();
    }

    @Test
    void formsOfOneLetterAreTheSame() {
        ReadingMetrics metrics = ReadingMetrics.of(List.of(List.of("ＳＡＬＥ ①")), List.of(List.of("SALE 1")));
        assertThat(metrics.characterErrorRate()).isZero();
        assertThat(metrics.wordRecall()).isOne();
    }

    @Test
    void aWordThatStandsTwiceMustBeFoundTwice() {
        ReadingMetrics metrics = ReadingMetrics.of(
                List.of(List.of("so so good"), List.of("yes")), List.of(List.of("so good"), List.of("yes  ！ no")));
        assertThat(metrics.wordRecall()).isEqualTo(3 / 4.0, within(1e-12));
        assertThat(metrics.pictureRecall()).isEqualTo(1 / 2.0, within(1e-12));
    }
}
