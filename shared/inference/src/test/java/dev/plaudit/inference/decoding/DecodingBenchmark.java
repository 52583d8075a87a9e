package dev.plaudit.inference.decoding;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.opt.RandomOpt;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What {@code bench/decoding/run} runs. */
final class DecodingBenchmark {
    private static final int REQUESTS = 4;
    private static final int PROMPT = 60;
    private static final int NEW_TOKENS = 40;
    private static final int BEAMS = 5;
    private static final int WARM_UP = 30;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** A cache that adds up the time of its model's runs. */
    private static final class Timed implements KvCache {
        private final KvCache cache;
        private long nanos;

        Timed(KvCache cache) {
            this.cache = cache;
        }

        @Override
        public int slots() {
            return cache.slots();
        }

        @Override
        public MemorySegment run(ModelInput input) {
            long start = cpu();
            MemorySegment logits = cache.run(input);
            nanos += cpu() - start;
            return logits;
        }

        @Override
        public void copy(List<Copy> copies) {
            cache.copy(copies);
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    private DecodingBenchmark() {}

    public static void main(String[] args) {
        int[] numbers = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        int runs = numbers.length > 0 ? numbers[0] : 20;
        int threads = numbers.length > 1 ? numbers[1] : 2;
        int hidden = numbers.length > 4 ? numbers[2] : 256;
        int layers = numbers.length > 4 ? numbers[3] : 6;
        int vocabulary = numbers.length > 4 ? numbers[4] : 8192;
        RandomOpt shape = new RandomOpt(hidden, layers, hidden / 64, 4 * hidden, vocabulary, 256);
        System.out.printf(
                "OPT %d x %d, %,d tokens; %d threads; prompts of %d tokens, %d new ones; median of %d runs%n",
                layers, hidden, vocabulary, threads, PROMPT, NEW_TOKENS, runs);
        try (OptModel opt =
                OptModel.open(shape, Path.of(args[0], "opt"), InferenceOptions.DEFAULT.withThreads(threads))) {
            batching(opt.model(), runs);
            beams(opt, runs);
        }
    }

    private static void batching(CausalModel model, int runs) {
        Random random = new Random(1);
        double[] alone = new double[runs];
        double[] together = new double[runs];
        GenerationConfig config = GenerationConfig.greedy(NEW_TOKENS).withMinNewTokens(NEW_TOKENS);
        try (ContinuousBatcher batcher = new ContinuousBatcher(model, 1, REQUESTS, PROMPT + NEW_TOKENS, 64)) {
            for (int run = -WARM_UP; run < runs; run++) {
                long start = System.nanoTime();
                requests(model, config, random)
                        .forEach(request -> batcher.generate(request).join());
                long middle = System.nanoTime();
                List<CompletableFuture<List<Generated>>> results = requests(model, config, random).stream()
                        .map(batcher::generate)
                        .toList();
                results.forEach(CompletableFuture::join);
                long end = System.nanoTime();
                if (run >= 0) {
                    alone[run] = REQUESTS * NEW_TOKENS * 1e9 / (middle - start);
                    together[run] = REQUESTS * NEW_TOKENS * 1e9 / (end - middle);
                }
            }
        }
        System.out.printf(
                "one after the other %.0f tokens/s; %d at once %.0f tokens/s: %.2f times%n",
                median(alone), REQUESTS, median(together), median(together) / median(alone));
    }

    private static List<GenerationRequest> requests(CausalModel model, GenerationConfig config, Random random) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(GenerationRequest.of(prompt(model, random), config));
        }
        return requests;
    }

    private static void beams(OptModel opt, int runs) {
        CausalModel model = opt.model();
        Random random = new Random(1);
        double[] whole = new double[runs];
        double[] share = new double[runs];
        GenerationConfig config = GenerationConfig.greedy(NEW_TOKENS, 2)
                .withStrategy(new Strategy.Beams(BEAMS, 1, EarlyStopping.WHEN_FULL), 1)
                .withRepetition(2, 1)
                .withMinNewTokens(NEW_TOKENS);
        Timed cache = new Timed(opt.session().cache(BEAMS, PROMPT + NEW_TOKENS));
        try (Decoder decoder = new SessionDecoder(cache, model::embed, model.shape())) {
            Batch batch = new Batch(decoder);
            for (int run = -WARM_UP; run < runs; run++) {
                GenerationRequest request = GenerationRequest.of(prompt(model, random), config);
                cache.nanos = 0;
                long start = System.nanoTime();
                long began = cpu();
                batch.join(request.prompt(), GeneratingSearch.of(request));
                while (!batch.isEmpty()) {
                    batch.step();
                }
                long nanos = System.nanoTime() - start;
                if (run >= 0) {
                    whole[run] = nanos / 1e6;
                    share[run] = 100.0 * (cpu() - began - cache.nanos) / cache.nanos;
                }
            }
        }
        System.out.printf(
                "%d beams: %.1f ms; beside the model's own runs %.1f %%%n", BEAMS, median(whole), median(share));
    }

    /** What this thread has computed, in nanoseconds: unlike the time of the clock, other load does not count. */
    private static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static Prompt prompt(CausalModel model, Random random) {
        return model.prompt(random.ints(PROMPT, 0, model.shape().vocabSize()).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
