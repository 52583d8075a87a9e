package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.opt.RandomOpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ContinuousBatcherTest {
    private static final RandomOpt SMALL = RandomOpt.SMALL;
    private static final Prompt START = Prompt.of(new float[] {0});

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyRequestSaysWhatItSaysAlone(int runners) throws Exception {
        Random random = new Random(11);
        try (OptModel opt = OptModel.open(SMALL, folder);
                ContinuousBatcher batcher = new ContinuousBatcher(opt.model(), runners, 7, 60, 200)) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int[] prompt = random.ints(1 + random.nextInt(12), 0, SMALL.vocabulary())
                        .toArray();
                GenerationConfig greedy = GenerationConfig.greedy(1 + random.nextInt(25), 3, 4);
                requests.add(GenerationRequest.of(
                        opt.model().prompt(prompt),
                        switch (i % 3) {
                            case 0 -> greedy;
                            case 1 -> greedy.withStrategy(new Strategy.Sampling(1.2, 0, 0.9, 0, i), 2);
                            default -> greedy.withStrategy(new Strategy.Beams(3, 1, EarlyStopping.HEURISTIC), 3);
                        }));
            }
            List<CompletableFuture<List<Generated>>> results =
                    requests.stream().map(batcher::generate).toList();
            CompletableFuture<double[]> scores =
                    batcher.logProbabilities(opt.model().prompt(2, 5), List.of(new int[] {7}, new int[] {8, 9, 10}));
            for (int i = 0; i < requests.size(); i++) {
                assertThat(tokens(results.get(i).get()))
                        .as("request %s", i)
                        .containsExactlyElementsOf(tokens(
                                opt.model().generate(List.of(requests.get(i))).getFirst()));
            }
            assertThat(scores.get())
                    .containsExactly(
                            opt.model()
                                    .logProbabilities(
                                            opt.model().prompt(2, 5), List.of(new int[] {7}, new int[] {8, 9, 10})),
                            within(1e-4));
        }
    }

    @Test
    void whereTheModelAnswersWithNoNumbersOnlyThatRequestFails() throws Exception {
        try (OptModel opt = OptModel.open(SMALL, folder);
                ContinuousBatcher batcher = new ContinuousBatcher(opt.model(), 1, 4, 60, 8)) {
            GenerationRequest sane = GenerationRequest.of(opt.model().prompt(2, 5), GenerationConfig.greedy(12));
            float[] numbers = opt.model().prompt(3, 4).embeddings().clone();
            numbers[numbers.length - 1] = Float.NaN;
            CompletableFuture<List<Generated>> before = batcher.generate(sane);
            CompletableFuture<List<Generated>> damaged =
                    batcher.generate(GenerationRequest.of(Prompt.of(numbers), GenerationConfig.greedy(12)));
            CompletableFuture<List<Generated>> after = batcher.generate(sane);

            assertThatThrownBy(damaged::get).hasCauseInstanceOf(ModelException.class);
            List<int[]> alone = tokens(opt.model().generate(List.of(sane)).getFirst());
            assertThat(tokens(before.get())).containsExactlyElementsOf(alone);
            assertThat(tokens(after.get())).containsExactlyElementsOf(alone);
        }
    }

    @Test
    void aRequestJoinsAndLeavesWhileAnotherRuns() throws Exception {
        List<Integer> doneAt = new ArrayList<>();
        try (ContinuousBatcher batcher = batcher(2, 8)) {
            List<CompletableFuture<List<Generated>>> second = new ArrayList<>();
            batcher.generate(request(40, said -> {
                        if (said == 5) {
                            second.add(batcher.generate(request(3, any -> {})));
                        }
                        if (said > 5 && second.getFirst().isDone()) {
                            doneAt.add(said);
                        }
                    }))
                    .get();
            assertThat(second.getFirst().get().getFirst().tokens()).hasSize(3);
        }
        assertThat(doneAt).isNotEmpty().first().satisfies(at -> assertThat(at).isBetween(8, 10));
    }

    @Test
    void aRequestThatDoesNotFitWaitsAndIsNotOvertaken() throws Exception {
        List<String> order = new ArrayList<>();
        try (ContinuousBatcher batcher = batcher(2, 8)) {
            GenerationConfig two = GenerationConfig.greedy(2).withStrategy(new Strategy.Sampling(1, 0, 1, 0, 0), 2);
            List<CompletableFuture<?>> all = new ArrayList<>();
            all.add(batcher.generate(request(10, said -> {
                if (said == 1) {
                    all.add(batcher.generate(GenerationRequest.of(START, two)).thenRun(() -> order.add("two")));
                    all.add(batcher.generate(request(1, any -> order.add("one"))));
                }
                if (said == 10) {
                    order.add("first");
                }
            })));
            all.getFirst().get();
            for (CompletableFuture<?> each : List.copyOf(all)) {
                each.get();
            }
        }
        assertThat(order).containsExactly("first", "two", "one");
    }

    @Test
    void aRequestRunsWhileAnotherHoldsARunner() throws Exception {
        try (ContinuousBatcher batcher = twoRunners(4)) {
            batcher.generate(request(3, said -> {
                        if (said == 1) {
                            assertThat(batcher.generate(request(2, any -> {}))
                                            .join()
                                            .getFirst()
                                            .tokens())
                                    .hasSize(2);
                        }
                    }))
                    .get();
        }
    }

    @Test
    void runnersTogetherHaveNoMoreRowsThanThereAre() throws Exception {
        List<Integer> heard = new ArrayList<>();
        try (ContinuousBatcher batcher = twoRunners(1)) {
            List<CompletableFuture<List<Generated>>> second = new ArrayList<>();
            batcher.generate(request(5, said -> {
                        if (said == 1) {
                            second.add(batcher.generate(request(2, any -> heard.add(batcher.rowsInUse()))));
                        }
                        heard.add(said);
                    }))
                    .get();
            second.getFirst().get();
        }
        assertThat(heard).containsExactly(1, 2, 3, 4, 5, 1, 1);
    }

    @Test
    void noRunnerHasACacheThatCouldNeverRun() throws Exception {
        List<Integer> opened = new ArrayList<>();
        CausalEngine engine = new CausalEngine() {
            @Override
            public Device device() {
                return Device.CPU;
            }

            @Override
            public Decoder decoder(int rows, int room) {
                opened.add(rows);
                return new SequenceDecoder(4, BeamSearchTest.random(1));
            }

            @Override
            public void close() {}
        };
        CausalModel model = CausalModel.over(engine, new CausalShape(1, 1, 1, 8, 4, 50));
        try (ContinuousBatcher batcher = new ContinuousBatcher(model, 64, 2, 50, 8)) {
            assertThat(batcher.generate(request(3, any -> {})).get().getFirst().tokens())
                    .hasSize(3);
        }
        assertThat(opened).containsExactly(2, 2);
    }

    @Test
    void aFullQueueRefusesAtOnce() throws Exception {
        try (ContinuousBatcher batcher = batcher(1, 2)) {
            List<CompletableFuture<List<Generated>>> waiting = new ArrayList<>();
            batcher.generate(request(3, said -> {
                        if (said == 1) {
                            waiting.add(batcher.generate(request(2, any -> {})));
                            waiting.add(batcher.generate(request(2, any -> {})));
                            assertThatThrownBy(() -> batcher.generate(request(2, any -> {})))
                                    .isInstanceOf(RejectedExecutionException.class)
                                    .hasMessageContaining("2 requests are waiting");
                        }
                    }))
                    .get();
            for (CompletableFuture<List<Generated>> each : waiting) {
                assertThat(each.get().getFirst().tokens()).hasSize(2);
            }
        }
    }

    @Test
    void aCallerThatGoesAwayFreesItsSlot() throws Exception {
        List<Integer> heard = new ArrayList<>();
        CompletableFuture<CompletableFuture<?>> first = new CompletableFuture<>();
        try (ContinuousBatcher batcher = batcher(1, 8)) {
            first.complete(batcher.generate(request(100_000, said -> {
                heard.add(said);
                if (said == 3) {
                    first.join().cancel(false);
                }
            })));
            assertThat(batcher.generate(request(2, any -> {})).get().getFirst().tokens())
                    .hasSize(2);
            assertThatThrownBy(() -> first.join().join()).isInstanceOf(CancellationException.class);
        }
        assertThat(heard).containsExactly(1, 2, 3);
    }

    @Test
    void aCallerThatGoesAwayLeavesTheQueue() throws Exception {
        try (ContinuousBatcher batcher = batcher(1, 1)) {
            List<CompletableFuture<List<Generated>>> waiting = new ArrayList<>();
            batcher.generate(request(3, said -> {
                        if (said == 1) {
                            batcher.generate(request(2, any -> {})).cancel(false);
                            waiting.add(batcher.generate(request(2, any -> {})));
                        }
                    }))
                    .get();
            assertThat(waiting.getFirst().get().getFirst().tokens()).hasSize(2);
        }
    }

    @Test
    void aListenerThatFailsFailsItsRequestOnly() throws Exception {
        try (ContinuousBatcher batcher = batcher(2, 8)) {
            CompletableFuture<List<Generated>> failing = batcher.generate(request(10, said -> {
                if (said == 4) {
                    throw new IllegalStateException("the client is gone");
                }
            }));
            CompletableFuture<List<Generated>> other = batcher.generate(request(10, any -> {}));
            assertThatThrownBy(failing::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("is gone");
            assertThat(other.get().getFirst().tokens()).hasSize(10);
        }
    }

    @Test
    void aDecoderThatFailsFailsWhatRunsAndGoesOn() throws Exception {
        Decoder decoder = new SequenceDecoder(4, sequence -> {
            if (sequence[0] == 9 && sequence.length == 4) {
                throw new IllegalStateException("ONNX Runtime failed");
            }
            return BeamSearchTest.random(1).apply(sequence);
        });
        try (ContinuousBatcher batcher = new ContinuousBatcher(List.of(decoder), 1, 3, 50, 8)) {
            CompletableFuture<List<Generated>> failing =
                    batcher.generate(GenerationRequest.of(Prompt.of(new float[] {9}), GenerationConfig.greedy(10)));
            assertThatThrownBy(failing::get).hasMessageContaining("ONNX Runtime failed");
            assertThat(batcher.generate(request(10, any -> {})).get().getFirst().tokens())
                    .hasSize(10);
        }
    }

    @Test
    void whatIsSaidEndsWhereTheRoomDoes() throws Exception {
        try (OptModel opt = OptModel.open(SMALL, folder);
                ContinuousBatcher batcher = new ContinuousBatcher(opt.model(), 1, 1, 12, 1)) {
            GenerationRequest request = GenerationRequest.of(opt.model().prompt(2, 5, 3), GenerationConfig.greedy(50));
            Generated said = batcher.generate(request).get().getFirst();
            assertThat(said.tokens()).hasSize(9);
            assertThat(said.ending()).isEqualTo(Generated.Ending.LENGTH);
        }
    }

    @Test
    void refusesWhatCanNeverRun() {
        try (ContinuousBatcher batcher = batcher(2, 8)) {
            GenerationConfig greedy = GenerationConfig.greedy(5);
            assertThatThrownBy(() -> batcher.generate(GenerationRequest.of(
                            START, greedy.withStrategy(new Strategy.Beams(3, 1, EarlyStopping.NEVER), 1))))
                    .hasMessage("3 sequences are asked for, but no more than 2 fit at once");
            assertThatThrownBy(() -> batcher.generate(GenerationRequest.of(Prompt.of(new float[200_000]), greedy)))
                    .hasMessageContaining("a prompt of 200000 tokens leaves no room");
            assertThatThrownBy(() -> batcher.generate(GenerationRequest.of(Prompt.of(new float[0]), greedy)))
                    .hasMessageContaining("a prompt must be one or more embeddings");
            assertThatThrownBy(() -> batcher.logProbabilities(START, List.of(new int[200_000])))
                    .hasMessageContaining("prompt and continuation are 200001 tokens");
        }
    }

    @Test
    void closingWorksOffWhatIsInHandAndTakesNoMore() throws Exception {
        ContinuousBatcher batcher = batcher(1, 8);
        List<CompletableFuture<List<Generated>>> inHand = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            inHand.add(batcher.generate(request(5, any -> {})));
        }
        batcher.close();
        batcher.close();
        for (CompletableFuture<List<Generated>> each : inHand) {
            assertThat(each).isDone();
            assertThat(each.get().getFirst().tokens()).hasSize(5);
        }
        assertThatThrownBy(() -> batcher.generate(request(5, any -> {})))
                .isInstanceOf(RejectedExecutionException.class);
    }

    private static ContinuousBatcher batcher(int rows, int maxQueue) {
        Decoder decoder = new SequenceDecoder(4, BeamSearchTest.random(1));
        return new ContinuousBatcher(List.of(decoder), 1, rows, 150_000, maxQueue);
    }

    private static ContinuousBatcher twoRunners(int rows) {
        Decoder one = new SequenceDecoder(4, BeamSearchTest.random(1));
        Decoder other = new SequenceDecoder(4, BeamSearchTest.random(1));
        return new ContinuousBatcher(List.of(one, other), 1, rows, 150_000, 8);
    }

    /** @param said how many tokens, at each */
    private static GenerationRequest request(int most, IntConsumer said) {
        int[] count = {0};
        return GenerationRequest.of(START, GenerationConfig.greedy(most))
                .withListener((sequence, token) -> said.accept(++count[0]));
    }

    private static List<int[]> tokens(List<Generated> generated) {
        return generated.stream().map(Generated::tokens).toList();
    }
}
