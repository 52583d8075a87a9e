import com.sun.management.OperatingSystemMXBean;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.LlamaImport;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Plaudit's Llama against llama.cpp, each in a Java process of its own, one after the other in an order that changes; started
 * by {@code bench/llama/run}.
 */
final class LlamaBench {
    private static final Path CHECKPOINT = Path.of("checkpoint");
    private static final String GGUF = "q4_0.gguf";

    /** What the lines of a peer that are no log of llama.cpp's begin with. */
    private static final String ANSWER = "answer: ";

    /** Tokens that a context has beyond prompt and answer, for both the same. */
    private static final int SPARE = 64;

    /** More than any cache holds. */
    private static final int READ = 512 << 20;

    private static final RandomLlama SHAPE = Boolean.getBoolean("bench.small") ? RandomLlama.SMALL : RandomLlama.OF_1B;

    /** Reads a prompt and says something, and tells when the first token came and when the last. */
    private interface Peer {
        /** Tokens of a prompt of so many letters. */
        int prompt(int letters);

        /** @return milliseconds to the first token, and from there to the last, and the same in CPU time */
        double[] run(int tokens) throws Exception;
    }

    private LlamaBench() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("peer")) {
            int threads = Integer.parseInt(args[2]);
            int context = Integer.parseInt(args[3]);
            serve(args[1].equals("llama.cpp") ? new LlamaCpp(threads, context) : new Plaudit(args[1], threads, context));
            return;
        }
        int rounds = Integer.parseInt(args[0]);
        int threads = Integer.parseInt(args[1]);
        int promptTokens = Integer.parseInt(args[2]);
        int newTokens = Integer.parseInt(args[3]);
        Precision[] precisions = {Precision.INT4, Precision.INT4_64, Precision.INT4_128};
        prepare(precisions);
        List<String> names = new ArrayList<>(List.of("llama.cpp"));
        Arrays.stream(precisions).map(Precision::name).forEach(names::add);
        compare(names, rounds, threads, promptTokens, newTokens);
    }

    private static void prepare(Precision[] precisions) throws IOException {
        if (!Files.exists(CHECKPOINT.resolve(SafeTensors.FILE))) {
            System.err.println("writing random weights");
            SHAPE.write(CHECKPOINT);
        }
        if (!Files.exists(Path.of(GGUF))) {
            System.err.println("writing GGUF");
            try (SafeTensors checkpoint = SafeTensors.open(CHECKPOINT)) {
                Gguf.write(Path.of(GGUF), SHAPE, checkpoint);
            }
        }
        for (Precision precision : precisions) {
            Path out = Path.of(precision.name());
            if (!Files.exists(out)) {
                System.err.println("importing as " + precision);
                new LlamaImport(LlamaFolder.of(CHECKPOINT), precision, Optional.of(out)).run((bytes, all) -> {});
            }
        }
    }

    private static void compare(List<String> names, int rounds, int threads, int promptTokens, int newTokens)
            throws Exception {
        List<Process> peers = new ArrayList<>();
        double[][][] times = new double[names.size()][4][rounds];
        long[][] read = new long[threads][READ / threads / Long.BYTES];
        double[] bandwidth = new double[rounds];
        try {
            for (String name : names) {
                peers.add(new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-Dplaudit.native=" + System.getProperty("plaudit.native"),
                                "-Dbench.spinning=" + Boolean.getBoolean("bench.spinning"),
                                LlamaBench.class.getName(),
                                "peer",
                                name,
                                Integer.toString(threads),
                                Integer.toString(promptTokens + newTokens + SPARE))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (int round = -1; round < rounds; round++) {
                for (int turn = 0; turn < names.size(); turn++) {
                    int peer = Math.floorMod(round + turn, names.size());
                    String[] answer = ask(peers.get(peer), promptTokens + " " + newTokens).split(" ");
                    if (round >= 0) {
                        for (int i = 0; i < answer.length; i++) {
                            times[peer][i][round] = Double.parseDouble(answer[i]);
                        }
                    }
                }
                if (round >= 0) {
                    bandwidth[round] = bandwidth(read);
                }
            }
            System.out.printf(
                    "Llama %d x %d, random weights, prompt of %d tokens, %d more, %d threads, %d interleaved rounds, medians%n",
                    SHAPE.layers(), SHAPE.hidden(), promptTokens, newTokens, threads, rounds);
            System.out.println("           tokens/s: prefill  decode   tokens/CPU s: prefill  decode   times llama.cpp   peak MiB");
            double[] first = null;
            for (int peer = 0; peer < names.size(); peer++) {
                double[] speed = new double[4];
                for (int i = 0; i < speed.length; i++) {
                    speed[i] = 1e3 * (i % 2 == 0 ? promptTokens : newTokens - 1) / median(times[peer][i]);
                }
                first = first == null ? speed : first;
                System.out.printf(
                        "%-10s %17.1f %7.2f %23.1f %7.2f   %.2f %.2f %.2f %.2f %5s%n",
                        names.get(peer),
                        speed[0],
                        speed[1],
                        speed[2],
                        speed[3],
                        speed[0] / first[0],
                        speed[1] / first[1],
                        speed[2] / first[2],
                        speed[3] / first[3],
                        ask(peers.get(peer), "memory"));
            }
            floor(names, median(bandwidth));
        } finally {
            peers.forEach(Process::destroy);
        }
    }

    /** What decoding could come to if it did nothing but read the weights. */
    private static void floor(List<String> names, double bandwidth) {
        System.out.printf("Threads that only read: %.1f GB/s; at that, without any other work:%n", bandwidth / 1e9);
        for (String name : names) {
            double bytes = SHAPE.productWeights() * bytesPerWeight(name);
            System.out.printf("%-10s %4.0f MB a token, %5.2f tokens/s%n", name, bytes / 1e6, bandwidth / bytes);
        }
    }

    /**
     * Q4_0 has a scale in half precision for 32 weights. {@code MatMulNBits} keeps one in single precision for each block
     * and the same times the zero point, which its kernels for AVX-512 read for each token, too.
     */
    private static double bytesPerWeight(String name) {
        return name.equals("llama.cpp") ? 18.0 / 32 : 0.5 + 8.0 / Precision.valueOf(name).block();
    }

    /** Bytes a second that as many threads as there are parts read together. */
    private static double bandwidth(long[][] parts) throws InterruptedException {
        AtomicLong sums = new AtomicLong();
        double best = 0;
        for (int turn = 0; turn < 5; turn++) {
            long start = System.nanoTime();
            List<Thread> readers = Arrays.stream(parts)
                    .map(part -> Thread.ofPlatform().start(() -> sums.addAndGet(sum(part))))
                    .toList();
            for (Thread reader : readers) {
                reader.join();
            }
            best = Math.max(best, READ * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    private static String ask(Process peer, String question) throws IOException {
        Writer requests = peer.outputWriter();
        requests.write(question + "\n");
        requests.flush();
        String line = peer.inputReader().readLine();
        while (line != null && !line.startsWith(ANSWER)) {
            line = peer.inputReader().readLine();
        }
        if (line == null) {
            throw new IOException("a peer has died");
        }
        return line.substring(ANSWER.length());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Answers questions on standard input. */
    private static void serve(Peer peer) throws Exception {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            if (line.equals("memory")) {
                System.out.println(ANSWER + peakMemory());
            } else {
                String[] sizes = line.split(" ");
                int letters = Integer.parseInt(sizes[0]);
                while (peer.prompt(letters) > Integer.parseInt(sizes[0])) {
                    letters--;
                }
                System.out.println(Arrays.stream(peer.run(Integer.parseInt(sizes[1])))
                        .mapToObj(Double::toString)
                        .collect(Collectors.joining(" ", ANSWER, "")));
            }
        }
        System.exit(0);
    }

    private static long peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    private static final class Plaudit implements Peer {
        private final TextGenerator generator;
        private int[] prompt;

        Plaudit(String precision, int threads, int context) {
            generator = TextGenerator.open(
                    LlamaFolder.of(Path.of(precision)),
                    InferenceOptions.DEFAULT
                            .withPrecision(Precision.valueOf(precision))
                            .withThreads(threads)
                            .withMaxTokens(context)
                            .withSpinning(Boolean.getBoolean("bench.spinning")));
        }

        @Override
        public int prompt(int letters) {
            prompt = new int[letters];
            for (int i = 0; i < letters; i++) {
                prompt[i] = 300 + i * 31 % 20_000;
            }
            return letters;
        }

        @Override
        public double[] run(int tokens) {
            Watch watch = new Watch();
            generator.generate(prompt, GenerationConfig.greedy(tokens), (sequence, piece) -> watch.token());
            return watch.times(tokens);
        }
    }

    private static final class LlamaCpp implements Peer {
        private final LlamaModel model;
        private String prompt;

        LlamaCpp(int threads, int context) {
            LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
            model = new LlamaModel(new ModelParameters()
                    .setModel(GGUF)
                    .setThreads(threads)
                    .setThreadsBatch(threads)
                    .setCtxSize(context)
                    .disableLog()
                    .skipWarmup());
        }

        @Override
        public int prompt(int letters) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < letters; i++) {
                text.append((char) ('a' + i * 7 % 26));
            }
            prompt = text.toString();
            // The beginning of a text is one more, which encoding leaves out.
            return model.encode(prompt).length + 1;
        }

        @Override
        public double[] run(int tokens) {
            InferenceParameters parameters = new InferenceParameters(prompt)
                    .setNPredict(tokens)
                    .setIgnoreEos(true)
                    .setTemperature(0)
                    .setTopK(1)
                    .setCachePrompt(false);
            Watch watch = new Watch();
            for (LlamaOutput output : model.generate(parameters)) {
                watch.token();
            }
            return watch.times(tokens);
        }
    }

    /** Notes when each token came, and what CPU time had been spent by then. */
    private static final class Watch {
        private static final OperatingSystemMXBean SYSTEM =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        private final List<long[]> moments = new ArrayList<>(List.of(now()));

        void token() {
            moments.add(now());
        }

        private static long[] now() {
            return new long[] {System.nanoTime(), SYSTEM.getProcessCpuTime()};
        }

        double[] times(int tokens) {
            if (moments.size() <= tokens) {
                throw new IllegalStateException("only " + (moments.size() - 1) + " tokens were heard");
            }
            double[] times = new double[4];
            for (int i = 0; i < 2; i++) {
                times[2 * i] = (moments.get(1)[i] - moments.get(0)[i]) / 1e6;
                times[2 * i + 1] = (moments.get(tokens)[i] - moments.get(1)[i]) / 1e6;
            }
            return times;
        }
    }
}
