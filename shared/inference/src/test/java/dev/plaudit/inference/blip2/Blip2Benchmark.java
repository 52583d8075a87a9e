package dev.plaudit.inference.blip2;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.blip2.RandomBlip2.Tower;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One layer of each part of BLIP-2-OPT-2.7B at its true widths, with random weights: bytes and milliseconds, and what
 * follows for all layers. Started by {@code bench/caption/run --slice}.
 */
final class Blip2Benchmark {
    private static final RandomBlip2 SLICE = new RandomBlip2(
            224,
            14,
            new Tower(1, 1408, 16, 6144),
            32,
            new Tower(1, 768, 12, 3072),
            2,
            new RandomOpt(2560, 1, 32, 10240, 50304, 2048));

    private static final int VISION_LAYERS = 39;
    private static final int QFORMER_LAYERS = 12;
    private static final int TEXT_LAYERS = 32;
    private static final int NEW_TOKENS = 20;
    private static final long MEGA = 1_000_000;

    /** Parameters of one layer of each part, and of what is there once. */
    private record Sizes(long vision, long qformer, long cross, long text, long rest) {
        static Sizes of(Path folder) {
            try (SafeTensors checkpoint = SafeTensors.open(folder)) {
                long vision = sum(checkpoint, "vision_model.encoder.layers.");
                long cross = sum(checkpoint, "qformer.encoder.layer.0.crossattention.");
                long qformer = sum(checkpoint, "qformer.encoder.layer.") - cross;
                long text = sum(checkpoint, "language_model.model.decoder.layers.");
                return new Sizes(vision, qformer, cross, text, sum(checkpoint, "") - vision - cross - qformer - text);
            }
        }

        private static long sum(SafeTensors checkpoint, String prefix) {
            return checkpoint.names().stream()
                    .filter(name -> name.startsWith(prefix))
                    .mapToLong(name ->
                            LongStream.of(checkpoint.tensor(name).shape()).reduce(1, Math::multiplyExact))
                    .sum();
        }

        /** Parameters in layers, of which nearly all are matrices. */
        long layers() {
            return VISION_LAYERS * vision + QFORMER_LAYERS * qformer + QFORMER_LAYERS / 2 * cross + TEXT_LAYERS * text;
        }

        long slice() {
            return vision + qformer + cross + text;
        }
    }

    private Blip2Benchmark() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        int runs = Integer.parseInt(args[1]);
        if (!Files.exists(folder.resolve(SafeTensors.FILE))) {
            SLICE.write(folder, DType.F16);
        }
        Sizes sizes = Sizes.of(folder);
        System.out.printf(
                Locale.ROOT,
                "parameters: slice %,d M, all layers %,d M; files in half precision: %,d MB and %,d MB%n",
                (sizes.slice() + sizes.rest()) / MEGA,
                (sizes.layers() + sizes.rest()) / MEGA,
                2 * (sizes.slice() + sizes.rest()) / MEGA,
                2 * (sizes.layers() + sizes.rest()) / MEGA);
        for (Precision precision : List.of(Precision.FP32, Precision.INT4)) {
            measure(folder, precision, runs, sizes);
        }
    }

    private static void measure(Path folder, Precision precision, int runs, Sizes sizes) throws IOException {
        deleteSidecars(folder);
        InferenceOptions options = InferenceOptions.DEFAULT.withPrecision(precision);
        double firstOpen =
                seconds(() -> Blip2Captioner.open(folder, "", options).close());
        double open = seconds(() -> Blip2Captioner.open(folder, "", options).close());
        long sidecars = sidecarBytes(folder);
        double one = caption(folder, options, 1, runs);
        double all = caption(folder, options, NEW_TOKENS, runs);
        double scale = (double) sizes.layers() / sizes.slice();
        long memory = precision == Precision.FP32
                ? 4 * (sizes.layers() + sizes.rest())
                : Math.round(sidecars * scale) + 4 * sizes.rest();
        System.out.printf(
                Locale.ROOT,
                "%s: first start %.1f s, later %.1f s; sidecars %,d MB; a picture seen and the first token %.0f ms, each"
                        + " further token %.1f ms%n",
                precision,
                firstOpen,
                open,
                sidecars / MEGA,
                one,
                (all - one) / (NEW_TOKENS - 1));
        System.out.printf(
                Locale.ROOT,
                "    all layers, worked out from these: memory %,d MB, sidecars %,d MB, first start %.0f s%n",
                memory / MEGA,
                Math.round(sidecars * scale) / MEGA,
                firstOpen * scale);
    }

    /** The median time of a caption of so many tokens, in milliseconds. */
    private static double caption(Path folder, InferenceOptions options, int tokens, int runs) throws IOException {
        Files.writeString(
                folder.resolve(GenerationConfig.FILE),
                "{\"eos_token_id\": 2, \"max_new_tokens\": %1$d, \"min_new_tokens\": %1$d}".formatted(tokens));
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", options)) {
            List<float[]> picture =
                    List.of(captioner.pixelValues(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB)));
            captioner.caption(picture);
            return 1000
                    * Stream.generate(() -> seconds(() -> captioner.caption(picture)))
                            .limit(runs)
                            .sorted()
                            .skip(runs / 2)
                            .findFirst()
                            .orElseThrow();
        }
    }

    private static double seconds(Runnable run) {
        long start = System.nanoTime();
        run.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static List<Path> sidecars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("(vision|language)\\..*safetensors"))
                    .toList();
        }
    }

    private static void deleteSidecars(Path folder) throws IOException {
        for (Path sidecar : sidecars(folder)) {
            Files.delete(sidecar);
        }
    }

    private static long sidecarBytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path sidecar : sidecars(folder)) {
            bytes += Files.size(sidecar);
        }
        return bytes;
    }
}
