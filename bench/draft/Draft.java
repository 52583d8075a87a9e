import com.sun.management.OperatingSystemMXBean;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.GeneratedText;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Writes drafts, no two alike; started by {@code bench/draft/run}. */
class Draft {
    private static final int TOKENS = 40;
    private static final int AT_ONCE = 4;
    private static final int WARM_UP = 30;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[1]);
        int threads = Integer.parseInt(args[2]);
        try (TextGenerator model = TextGenerator.open(
                        LlamaFolder.of(Path.of(args[0])), InferenceOptions.DEFAULT.withThreads(threads));
                SharedTextGenerator shared = new SharedTextGenerator(model, 16, 64);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Costs draft = new Costs(runs);
            Costs inTurn = new Costs(runs);
            Costs atOnce = new Costs(runs);
            for (int run = -WARM_UP; run < runs; run++) {
                int seed = (run + WARM_UP) * 3 * AT_ONCE;
                draft.of(run, () -> write(model, shared, seed));
                inTurn.of(run, () -> {
                    for (int i = 0; i < AT_ONCE; i++) {
                        write(model, shared, seed + AT_ONCE + i);
                    }
                });
                atOnce.of(run, () -> {
                    List<Callable<Object>> calls = IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> Executors.callable(
                                    () -> write(model, shared, seed + 2 * AT_ONCE + i)))
                            .toList();
                    for (Future<Object> call : callers.invokeAll(calls)) {
                        call.get();
                    }
                });
            }
            System.out.printf("%d threads, medians of %d runs%n", threads, runs);
            System.out.printf(
                    "a draft of %d tokens: %.0f ms, %.0f ms of CPU; the slowest %.0f ms%n",
                    TOKENS, median(draft.millis), median(draft.cpuMillis), Arrays.stream(draft.millis).max().orElse(0));
            System.out.printf(
                    "one after the other %.0f tokens/s; %d at once %.0f tokens/s: %.2f times; by CPU time %.2f times%n",
                    AT_ONCE * TOKENS * 1e3 / median(inTurn.millis),
                    AT_ONCE,
                    AT_ONCE * TOKENS * 1e3 / median(atOnce.millis),
                    median(inTurn.millis) / median(atOnce.millis),
                    median(inTurn.cpuMillis) / median(atOnce.cpuMillis));
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .forEach(kib -> System.out.printf(
                        "peak memory of the process %d MB%n", Long.parseLong(kib) * 1024 / 1_000_000));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static final class Costs {
        private final double[] millis;
        private final double[] cpuMillis;

        Costs(int runs) {
            millis = new double[runs];
            cpuMillis = new double[runs];
        }

        /** Does work; runs below 0 warm up. */
        void of(int run, Work work) throws Exception {
            long start = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            work.run();
            if (run >= 0) {
                millis[run] = (System.nanoTime() - start) / 1e6;
                cpuMillis[run] = (SYSTEM.getProcessCpuTime() - cpu) / 1e6;
            }
        }
    }

    /** A draft by sampling, and how likely the model finds it. */
    private static void write(TextGenerator model, SharedTextGenerator shared, int number) {
        int[] prompt = model.prompt("""
                Write the post that this company publishes.
                Typical likes: %d
                Picture: a loaf of bread on a wooden table
                Company: Oven & Co
                Username: ovenandco
                Posted: 2026-03-06 08:30
                Post:
                """.formatted(100 + number));
        GenerationConfig config = model.defaults()
                .withMaxNewTokens(TOKENS)
                .withMinNewTokens(TOKENS)
                .withStrategy(new Strategy.Sampling(0.9, 0, 0.95, 0, number), 1);
        GeneratedText text = shared.generate(prompt, config).getFirst();
        if (text.tokens() != TOKENS) {
            throw new IllegalStateException("a draft has " + text.tokens() + " tokens");
        }
        if (text.meanLogProbability().isEmpty()) {
            shared.meanLogProbabilities(prompt, List.of(text.text()));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
