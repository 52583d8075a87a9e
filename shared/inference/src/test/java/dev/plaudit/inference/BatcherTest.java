package dev.plaudit.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatcherTest {
    private static final Duration FOREVER = Duration.ofHours(1);
    private static final int PLUG = 0;

    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore running = new Semaphore(0);
    private final Semaphore release = new Semaphore(0);

    /** Doubles; a batch with the plug in it blocks until it is released. */
    private final Function<List<Integer>, List<Integer>> work = inputs -> {
        batches.add(inputs);
        if (inputs.contains(PLUG)) {
            running.release();
            release.acquireUninterruptibly();
        }
        return inputs.stream().map(i -> 2 * i).toList();
    };

    @Test
    void requestsThatComeWhileABatchRunsAreWorkedOffTogether() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, FOREVER, 8, 8)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2, 3, 4);
            release.release();
            assertThat(results).map(CompletableFuture::join).containsExactly(2, 4, 6, 8);
        }
        assertThat(batches).containsExactly(List.of(PLUG), List.of(1, 2, 3, 4));
    }

    @Test
    void noBatchIsLargerThanTheMaximum() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, Duration.ZERO, 2, 8)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2, 3);
            release.release();
            assertThat(results).map(CompletableFuture::join).containsExactly(2, 4, 6);
        }
        assertThat(batches).containsExactly(List.of(PLUG), List.of(1, 2), List.of(3));
    }

    @Test
    void aLoneCallerNeverWaitsForCompany() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, FOREVER, 8, 8)) {
            assertThat(batcher.submit(1)).isEqualTo(2);
            assertThat(batcher.submit(2)).isEqualTo(4);
        }
        assertThat(batches).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void afterCompanyARequestWaitsForAsMuchButNoLongerThanTheWindow() throws Exception {
        Duration window = Duration.ofMillis(50);
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, window, 8, 8)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2);
            release.release();
            results.forEach(CompletableFuture::join);
            long start = System.nanoTime();
            assertThat(batcher.submit(3)).isEqualTo(6);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(window, Duration.ofSeconds(10));
        }
    }

    @Test
    void expectedCompanyEndsTheWait() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, FOREVER, 8, 8)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2);
            release.release();
            results.forEach(CompletableFuture::join);
            CompletableFuture<Integer> third = batcher.submitAsync(3);
            CompletableFuture<Integer> fourth = batcher.submitAsync(4);
            assertThat(third.join()).isEqualTo(6);
            assertThat(fourth.join()).isEqualTo(8);
        }
        assertThat(batches).containsExactly(List.of(PLUG), List.of(1, 2), List.of(3, 4));
    }

    @Test
    void aFullQueueRefusesAndRecovers() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, Duration.ZERO, 8, 2)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2);
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> batcher.submit(3))
                    .withMessage("the queue is full: 2 requests are waiting");
            release.release();
            results.forEach(CompletableFuture::join);
            assertThat(batcher.submit(3)).isEqualTo(6);
        }
    }

    @Test
    void aFailingBatchFailsOnlyItsOwnRequests() throws Exception {
        IllegalStateException failure = new IllegalStateException("odd one out");
        Function<List<Integer>, List<Integer>> failing = inputs -> {
            List<Integer> outputs = work.apply(inputs);
            if (inputs.contains(13)) {
                throw failure;
            }
            return outputs;
        };
        try (Batcher<Integer, Integer> batcher = new Batcher<>(failing, Duration.ZERO, 2, 8)) {
            List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 12, 13, 14, 15);
            release.release();
            assertThatThrownBy(() -> results.get(0).join()).hasCause(failure);
            assertThatThrownBy(() -> results.get(1).join()).hasCause(failure);
            assertThat(results.get(2).join()).isEqualTo(28);
            assertThat(results.get(3).join()).isEqualTo(30);
            assertThatThrownBy(() -> batcher.submit(13)).isSameAs(failure);
        }
    }

    @Test
    void workThatReturnsTooFewResultsIsAFailure() {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(inputs -> List.of(), Duration.ZERO, 8, 8)) {
            assertThatThrownBy(() -> batcher.submit(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("1 requests got 0 results");
        }
    }

    @Test
    void closingFinishesWhatIsInHandAndTakesNoMore() throws Exception {
        Batcher<Integer, Integer> batcher = new Batcher<>(work, FOREVER, 2, 8);
        List<CompletableFuture<Integer>> results = plugAndSubmit(batcher, 1, 2, 3);
        Thread closing = Thread.ofVirtual().start(batcher::close);
        release.release();
        closing.join();
        assertThat(results)
                .allMatch(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .containsExactly(2, 4, 6);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> batcher.submit(4))
                .withMessage("the batcher is closed");
        batcher.close();
    }

    @Test
    void aCancelledRequestFreesItsSlotAndIsNotWorkedOff() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, Duration.ZERO, 8, 1)) {
            CompletableFuture<Integer> cancelled = plugAndSubmit(batcher, 1).getFirst();
            cancelled.cancel(false);
            CompletableFuture<Integer> next = batcher.submitAsync(2);
            release.release();
            assertThat(next.join()).isEqualTo(4);
        }
        assertThat(batches).containsExactly(List.of(PLUG), List.of(2));
    }

    @Test
    void anInterruptedCallerFreesItsSlot() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, Duration.ZERO, 8, 1)) {
            plugAndSubmit(batcher);
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    batcher.submit(1);
                    outcome.complete(null);
                } catch (InterruptedException e) {
                    outcome.complete(e);
                }
            });
            while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            caller.interrupt();
            assertThat(outcome.join()).isInstanceOf(InterruptedException.class);
            CompletableFuture<Integer> next = batcher.submitAsync(2);
            release.release();
            assertThat(next.join()).isEqualTo(4);
        }
    }

    @Test
    void everyOfManyConcurrentCallersGetsItsOwnResult() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>(work, Duration.ofMillis(1), 16, 1000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 1; i <= 1000; i++) {
                int input = i;
                results.add(callers.submit(() -> batcher.submit(input)));
            }
            for (int i = 1; i <= 1000; i++) {
                assertThat(results.get(i - 1).get()).isEqualTo(2 * i);
            }
        }
        assertThat(batches).allMatch(batch -> batch.size() <= 16);
    }

    /** Keeps the runner busy with the plug, so that what follows gathers. */
    private List<CompletableFuture<Integer>> plugAndSubmit(Batcher<Integer, Integer> batcher, int... inputs)
            throws InterruptedException {
        batcher.submitAsync(PLUG);
        assertThat(running.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (int input : inputs) {
            results.add(batcher.submitAsync(input));
        }
        return results;
    }
}
