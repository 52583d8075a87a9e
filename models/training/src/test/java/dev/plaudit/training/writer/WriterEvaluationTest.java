package dev.plaudit.training.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WriterEvaluationTest {
    @Test
    void textsComeInTheOrderOfTheirPosts() {
        List<Callable<String>> posts = IntStream.range(0, 100)
                .<Callable<String>>mapToObj(i -> () -> Integer.toString(i))
                .toList();

        assertThat(WriterEvaluation.written(posts, _ -> {}))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    @Timeout(20)
    void aPostThatFailsEndsTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        Callable<String> endless = () -> {
            never.await();
            return "";
        };
        Callable<String> failing = () -> {
            throw new IllegalArgumentException("no room");
        };

        assertThatThrownBy(() -> WriterEvaluation.written(List.of(failing, endless), _ -> {}))
                .hasMessage("a post could not be written: no room");
    }
}
