package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikeBucketTest {
    @ParameterizedTest
    @CsvSource({
        "0,1",
        "10,1",
        "11,2",
        "100,2",
        "101,3",
        "300,3",
        "301,4",
        "500,4",
        "501,5",
        "1000,5",
        "1001,6",
        "2500,6",
        "2501,7",
        "2147483647,7"
    })
    void everyNumberOfLikesHasOneBucket(int likes, int number) {
        assertThat(LikeBucket.ofLikes(likes).number()).isEqualTo(number);
    }

    @Test
    void negativeLikesAreRefused() {
        assertThatThrownBy(() -> LikeBucket.ofLikes(-1)).isInstanceOf(InvalidFieldException.class);
    }

    @Test
    void embeddingsKeepHalfPrecision() {
        float[] values = {0, 1, -0.333f, 65504, 1e-4f};

        float[] back = Embedding.of(values).values();

        assertThat(back).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(back[i]).isCloseTo(values[i], org.assertj.core.data.Percentage.withPercentage(0.1));
        }
    }
}
