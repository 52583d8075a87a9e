package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Engagement;

/** When two predictions count as the same: a batch of another size may move a probability in its last digits. */
final class Engagements {
    private Engagements() {}

    static void assertSame(Engagement actual, Engagement expected) {
        assertThat(actual.likes()).isEqualTo(expected.likes());
        assertThat(actual.low()).isEqualTo(expected.low());
        assertThat(actual.high()).isEqualTo(expected.high());
        assertThat(actual.bucket()).isEqualTo(expected.bucket());
        for (int i = 0; i < expected.probabilities().size(); i++) {
            assertThat(actual.probabilities().get(i))
                    .isCloseTo(expected.probabilities().get(i), within(1e-4));
        }
    }
}
