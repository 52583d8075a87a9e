package dev.plaudit.inference.distilbert;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.io.BufferedReader;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Java against the Node binding of ONNX Runtime; started by {@code bench/distilbert-node/run}. */
final class DistilBertBenchmark {
    private static final RandomDistilBert BASE = new RandomDistilBert(768, 6, 12, 3072, 7, 30522, 512);
    private static final int TOKENS = 64;
    private static final int WARM_UP = 10;

    private interface Peer {
        /** Runs once and tells the time in milliseconds. */
        double run() throws Exception;
    }

    private DistilBertBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int threads = args.length > 2
                ? Integer.parseInt(args[2])
                : Runtime.getRuntime().availableProcessors();
        if (!Files.exists(folder.resolve(SafeTensors.FILE))) {
            BASE.write(folder, DType.F32);
        }
        OrtEnvironment environment = OnnxEnvironment.get();
        Path graph = folder.resolve("fp32.onnx");
        try (OrtSession fp32 = session(environment, folder, Precision.FP32, threads, graph);
                OrtSession int8 = session(environment, folder, Precision.INT8, threads, folder.resolve("int8.onnx"))) {
            Process node = new ProcessBuilder(
                            "node", "peer.js", graph.toString(), Integer.toString(threads), Integer.toString(TOKENS))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader answers = node.inputReader();
                    Writer requests = node.outputWriter()) {
                Peer binding = () -> {
                    requests.write("run\n");
                    requests.flush();
                    return Double.parseDouble(answers.readLine());
                };
                print(
                        threads,
                        compare(runs, List.of(binding, () -> time(environment, fp32), () -> time(environment, int8))));
            } finally {
                node.destroy();
            }
        }
    }

    /** Each peer runs once per round, in an order that rotates, so that a busy machine treats all alike. */
    private static double[][] compare(int runs, List<Peer> peers) throws Exception {
        double[][] millis = new double[peers.size()][runs];
        for (int round = -WARM_UP; round < runs; round++) {
            for (int turn = 0; turn < peers.size(); turn++) {
                int peer = Math.floorMod(round + turn, peers.size());
                double time = peers.get(peer).run();
                if (round >= 0) {
                    millis[peer][round] = time;
                }
            }
        }
        return millis;
    }

    private static OrtSession session(
            OrtEnvironment environment, Path folder, Precision precision, int threads, Path file) throws Exception {
        try (SafeTensors checkpoint = SafeTensors.open(folder);
                Arena memory = Arena.ofConfined();
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            DistilBertConfig config = DistilBertConfig.of(ConfigFile.read(folder.resolve(ConfigFile.NAME)));
            OnnxModel model = DistilBertGraph.of(config, checkpoint, precision, memory);
            Files.write(file, model.graph());
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return model.open(environment, options);
        }
    }

    private static double time(OrtEnvironment environment, OrtSession session) throws Exception {
        long[] ids = new long[TOKENS];
        Arrays.setAll(ids, i -> (i * 37L + 11) % 102);
        long[] mask = new long[TOKENS];
        Arrays.fill(mask, 1);
        long[] shape = {1, TOKENS};
        long start = System.nanoTime();
        try (OnnxTensor inputIds = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor attentionMask = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", inputIds, "attention_mask", attentionMask))) {
            result.get("logits").orElseThrow().getValue();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static void print(int threads, double[][] millis) {
        System.out.printf(
                "DistilBERT-base, random weights, %d tokens, batch 1, %d threads, %d interleaved runs each%n",
                TOKENS, threads, millis[0].length);
        System.out.println("             p10 ms  median ms   p90 ms   node / this, by median");
        String[] peers = {"node fp32", "java fp32", "java int8"};
        for (int peer = 0; peer < peers.length; peer++) {
            System.out.printf(
                    "%-10s %8.1f %10.1f %8.1f %13.2f%n",
                    peers[peer],
                    percentile(millis[peer], 0.1),
                    percentile(millis[peer], 0.5),
                    percentile(millis[peer], 0.9),
                    percentile(millis[0], 0.5) / percentile(millis[peer], 0.5));
        }
        System.out.printf(
                "int8 is %.2f times as fast as fp32%n", percentile(millis[1], 0.5) / percentile(millis[2], 0.5));
    }

    private static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (share * (sorted.length - 1))];
    }
}
