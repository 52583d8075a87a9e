package dev.plaudit.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import org.junit.jupiter.api.Test;

class LikesHistoryTest {
    private static final double EPSILON = 1e-9;

    private static LikesHistory of(Double typical, int... likes) {
        return LikesHistory.of(new Account(null, null, typical, EarlierPost.ofLikes(likes)));
    }

    @Test
    void quantilesInterpolateBetweenTheSortedValues() {
        double[] sorted = {1, 2, 4, 8};

        assertThat(LikesHistory.quantile(sorted, 0)).isEqualTo(1);
        assertThat(LikesHistory.quantile(sorted, 0.5)).isEqualTo(3);
        assertThat(LikesHistory.quantile(sorted, 0.9)).isCloseTo(6.8, within(EPSILON));
        assertThat(LikesHistory.quantile(sorted, 1)).isEqualTo(8);
        assertThat(LikesHistory.quantile(new double[] {5}, 0.9)).isEqualTo(5);
        assertThat(LikesHistory.quantile(new double[0], 0.5)).isNaN();
    }

    @Test
    void statisticsAreWorkedOutInLogsWhateverTheOrder() {
        LikesHistory history = of(null, 999, 0, 9, 99);

        assertThat(history.typical()).isCloseTo(Math.sqrt(10 * 100) - 1, within(EPSILON));
        assertThat(history.low()).isCloseTo(Math.pow(10, 0.3) - 1, within(EPSILON));
        assertThat(history.high()).isCloseTo(Math.pow(10, 2.7) - 1, within(1e-6));
        assertThat(history.spread()).isCloseTo(Math.log(10) * Math.sqrt(5 / 3.0), within(EPSILON));
        assertThat(history.posts()).isEqualTo(4);
    }

    @Test
    void withoutEarlierPostsEverythingButWhatTheCallerSaysIsUnknown() {
        LikesHistory history = of(120.0);

        assertThat(history.typical()).isEqualTo(120);
        assertThat(history.low()).isNaN();
        assertThat(history.high()).isNaN();
        assertThat(history.spread()).isNaN();
        assertThat(history.posts()).isZero();
        assertThat(of(null).typical()).isNaN();
    }

    @Test
    void onePostHasNoSpreadAndEqualPostsHaveNone() {
        assertThat(of(null, 7).spread()).isNaN();
        assertThat(of(null, 7, 7).spread()).isZero();
        assertThat(of(null, 7).low()).isCloseTo(7, within(EPSILON));
    }
}
