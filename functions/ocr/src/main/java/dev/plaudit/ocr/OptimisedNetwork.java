package dev.plaudit.ocr;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.OnnxEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Networks as ONNX Runtime optimised them, kept in files: opened from there, they need not be optimised again. The weights
 * of their convolutions are laid out for the width of the processor's vector registers, and give wrong numbers with another;
 * so a file's name tells the processor's vector extensions, the version of ONNX Runtime and the very model.
 *
 * @see <a href="https://onnxruntime.ai/docs/performance/model-optimizations/graph-optimizations.html">layout
 *     optimisations, offline mode</a>
 */
final class OptimisedNetwork {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Pattern VECTOR_EXTENSION = Pattern.compile("\\b(sse|avx|fma|amx|asimd|sve)\\w*");

    private OptimisedNetwork() {}

    /**
     * The file with a network as optimised on this machine, which is written where that is allowed.
     *
     * @return empty when there is none
     * @throws OrtException when ONNX Runtime refuses the network
     */
    static Optional<Path> of(NetworkModel network, OcrConfig config) throws OrtException, IOException {
        if (config.optimised().isEmpty() || network.file().isEmpty() || !Files.exists(PROCESSORS)) {
            return Optional.empty();
        }
        Path folder = config.optimised().get();
        Path file = folder.resolve(name(network.file().get()));
        if (!Files.exists(file) && Files.isWritable(folder)) {
            write(network, file, config);
        }
        return Optional.of(file).filter(Files::exists);
    }

    private static String name(Path model) throws IOException {
        return String.join(
                "-",
                model.getFileName().toString(),
                Long.toHexString(Files.size(model)),
                Long.toHexString(Files.getLastModifiedTime(model).to(TimeUnit.SECONDS)),
                OnnxEnvironment.get().getVersion(),
                Long.toHexString(vectorExtensions()) + ".ort");
    }

    /** A checksum of what Linux tells of the first processor: flags on x86, Features on ARM. */
    private static long vectorExtensions() throws IOException {
        CRC32C checksum = new CRC32C();
        try (BufferedReader lines = Files.newBufferedReader(PROCESSORS)) {
            lines.lines()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .limit(1)
                    .flatMap(line -> VECTOR_EXTENSION.matcher(line).results())
                    .forEach(extension -> checksum.update(extension.group().getBytes(StandardCharsets.UTF_8)));
        }
        return checksum.getValue();
    }

    private static void write(NetworkModel network, Path file, OcrConfig config) throws OrtException, IOException {
        Path work = Files.createTempDirectory(file.getParent(), "");
        Path part = work.resolve(file.getFileName());
        try (OrtSession.SessionOptions options = Network.options(config)) {
            options.setOptimizedModelFilePath(part.toString());
            options.addConfigEntry("session.save_model_format", "ORT");
            // It warns that the file is of use on such machines only.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OnnxEnvironment.get().createSession(network.onnx(), options).close();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
            Files.delete(work);
        }
    }
}
