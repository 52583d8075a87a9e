package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
    private static final List<String> TYPES = List.of(
            EventType.SUBMITTED,
            EventType.CAPTIONED,
            EventType.READ,
            EventType.PROMPTED,
            EventType.CLASSIFIED,
            EventType.SCORED,
            EventType.GENERATED,
            EventType.JUDGED,
            EventType.FAILED);

    @ParameterizedTest
    @CsvSource({
        "dev.plaudit.submitted, BEHAVIOR, some, CAPTION",
        "dev.plaudit.submitted, BEHAVIOR, none, PROMPT",
        "dev.plaudit.submitted, CONTENT, none, PROMPT",
        "dev.plaudit.captioned, BEHAVIOR, some, PROMPT",
        "dev.plaudit.captioned, CONTENT, some, OCR",
        "dev.plaudit.submitted, LEVEL, some, CAPTION",
        "dev.plaudit.captioned, LEVEL, some, PROMPT",
        "dev.plaudit.prompted, LEVEL, none, GENERATE",
        "dev.plaudit.judged, LEVEL, none, GATEWAY",
        "dev.plaudit.read, CONTENT, some, PROMPT",
        "dev.plaudit.prompted, BEHAVIOR, none, CLASSIFY",
        "dev.plaudit.prompted, CONTENT, none, GENERATE",
        "dev.plaudit.classified, BEHAVIOR, none, REGRESS",
        "dev.plaudit.scored, BEHAVIOR, none, GATEWAY",
        "dev.plaudit.generated, CONTENT, some, GATEWAY",
        "dev.plaudit.failed, CONTENT, some, GATEWAY"
    })
    void followsTheDesign(String type, Task task, String media, Step step) {
        assertThat(Route.next(type, task, media)).isEqualTo(step);
    }

    @Test
    void noEventHasTwoWaysToGo() {
        for (String type : TYPES) {
            for (Task task : Task.values()) {
                for (String media : List.of(Extensions.MEDIA_SOME, Extensions.MEDIA_NONE)) {
                    Stream<Route.Edge> ways = Route.EDGES.stream().filter(edge -> edge.matches(type, task, media));
                    assertThat(ways).as("%s %s %s", type, task, media).hasSizeLessThanOrEqualTo(1);
                }
            }
        }
    }

    @Test
    void anEventOffTheRouteIsRefused() {
        assertThatThrownBy(() -> Route.next(EventType.CLASSIFIED, Task.CONTENT, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(EventType.CLASSIFIED);
    }
}
