package dev.plaudit.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {
    private static final CosineSchedule SCHEDULE = new CosineSchedule(8, 4, 12);

    @Test
    void risesLinearlyToThePeak() {
        assertThat(SCHEDULE.at(1)).isEqualTo(2);
        assertThat(SCHEDULE.at(3)).isEqualTo(6);
        assertThat(SCHEDULE.at(4)).isEqualTo(8);
    }

    @Test
    void fallsAlongHalfACosineToZero() {
        assertThat(SCHEDULE.at(6)).isCloseTo(4 * (1 + Math.sqrt(0.5)), within(1e-12));
        assertThat(SCHEDULE.at(8)).isCloseTo(4, within(1e-12));
        assertThat(SCHEDULE.at(12)).isCloseTo(0, within(1e-12));
    }
}
