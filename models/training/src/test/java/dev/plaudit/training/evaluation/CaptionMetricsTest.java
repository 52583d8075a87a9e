package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionMetricsTest {
    private static CaptionMetrics of(List<String> captions, List<String> subjects, List<String> colors) {
        return CaptionMetrics.of(captions, captions.stream().map(List::of).toList(), subjects, colors);
    }

    @Test
    void aThingIsNamedInTheSingularOrInThePlural() {
        CaptionMetrics metrics = of(
                List.of(
                        "two red cups of coffee on a table",
                        "three blue bottles",
                        "a red carpet on a lawn",
                        "a red car"),
                List.of("cup of coffee", "bottle", "car", "car"),
                List.of("red", "blue", "red", "red"));
        assertThat(metrics.pictures()).isEqualTo(4);
        assertThat(metrics.subjectNamed()).isEqualTo(3 / 4.0);
        assertThat(metrics.colorNamed()).isEqualTo(3 / 4.0);
    }

    @Test
    void aColourCountsOnlyWhereAThingBearsIt() {
        CaptionMetrics metrics = of(
                List.of("a red flyer with a white car", "a red flyer with a white bell", "a red bell on a white wall"),
                List.of("car", "car", "bell"),
                List.of("red", "white", "red"));
        assertThat(metrics.subjectNamed()).isEqualTo(2 / 3.0);
        assertThat(metrics.colorNamed()).isEqualTo(2 / 3.0);
    }

    @Test
    void captionsThatAreReferencesAreAsGoodAsCanBe() {
        CaptionMetrics metrics = of(
                List.of("a red car on a blue background", "a green tree under a gray sky"),
                List.of("car", "tree"),
                List.of("red", "green"));
        assertThat(metrics.bleu4()).isEqualTo(100, within(1e-9));
        assertThat(metrics.ciderD()).isEqualTo(10, within(1e-9));
    }

    @Test
    void refusesListsOfDifferentPictures() {
        assertThatThrownBy(() -> of(List.of("a car", "a bell"), List.of("car"), List.of("red", "red")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same pictures");
    }
}
