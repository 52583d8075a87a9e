package dev.plaudit.inference.llama;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.WholeFile;
import dev.plaudit.inference.chat.ChatTemplate;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.NgramIndex;
import dev.plaudit.inference.onnx.Conversion;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Writes a Llama's weights in another precision, an adapter merged in, so that serving computes nothing at its start. That is
 * what the first start would write by itself; done beforehand it shows progress and can be written elsewhere.
 *
 * @param folder of the checkpoint, and the adapter
 * @param precision of the weights
 * @param out a folder to write a model to that stands alone; without one, the file goes beside the adapter, or beside the
 *     weights
 */
public record LlamaImport(LlamaFolder folder, Precision precision, Optional<Path> out) {
    /** Files that a model that stands alone needs beside its weights, if there are any. */
    private static final List<String> COMPANIONS = List.of(
            ConfigFile.NAME,
            GenerationConfig.FILE,
            TextTokenizer.FILE,
            "tokenizer_config.json",
            "special_tokens_map.json",
            ChatTemplate.TEMPLATE_FILE,
            "level_calibration.json",
            NgramIndex.FILE);

    /** Left free beside the file. */
    static final long MARGIN = 64L << 20;

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** So many bytes of all are written. */
        void written(long bytes, long all);
    }

    /** Bytes that can be written to a folder. */
    @FunctionalInterface
    interface FreeSpace {
        long of(Path folder) throws IOException;
    }

    /**
     * What was written, and what serving it takes.
     *
     * @param file the weights
     * @param bytes of what was written
     * @param weightBytes memory for all weights, those included that are read where they lay before
     * @param cacheBytesPerToken memory for each token of each text that is being written
     * @param maxTokens the model's context
     */
    public record Imported(Path file, long bytes, long weightBytes, long cacheBytesPerToken, int maxTokens) {
        /** Memory to serve so many texts of a length at once, in bytes. */
        public long servingBytes(int texts, int tokens) {
            return weightBytes + texts * (long) Math.min(tokens, maxTokens) * cacheBytesPerToken;
        }
    }

    /**
     * Writes it, a few megabytes at a time. The file appears whole or not at all.
     *
     * @throws ModelException when the model cannot be used, or there is no room for it
     * @throws IOException when a file cannot be written
     */
    public Imported run(Progress progress) throws IOException {
        return run(progress, target -> Files.getFileStore(target).getUsableSpace());
    }

    Imported run(Progress progress, FreeSpace space) throws IOException {
        LlamaConfig config = LlamaConfig.of(folder.config());
        TextTokenizer.open(folder.holding(TextTokenizer.FILE), config.vocabSize(), Integer.MAX_VALUE)
                .close();
        try (Checkpoint checkpoint = folder.open(precision);
                Arena memory = Arena.ofConfined()) {
            Path beside = folder.sidecar(checkpoint);
            Path target = out.orElse(beside);
            CausalShape shape = config.causal();
            Weights weights = LlamaGraph.of(config.within(1), shape, checkpoint, beside, precision, memory);
            weights.require(LlamaGraph.EMBEDDINGS, config.vocabSize(), config.hiddenSize());
            weights.requireFinite(LlamaGraph.EMBEDDINGS);
            Conversion conversion =
                    weights.conversion(target, out.isPresent() ? List.of(LlamaGraph.EMBEDDINGS) : List.of());
            long bytes = conversion.byteSize();
            if (bytes > 0) {
                Files.createDirectories(target);
                WholeFile.removeAbandoned(conversion.file());
                requireRoom(target, bytes, space.of(target));
                if (out.isPresent()) {
                    copyCompanions(target);
                }
                conversion.write(done -> progress.written(done, bytes));
            }
            long embeddings = weights.reads(LlamaGraph.EMBEDDINGS)
                    ? 0
                    : checkpoint.tensor(LlamaGraph.EMBEDDINGS).length();
            return new Imported(
                    conversion.file(),
                    bytes,
                    weights.byteSize() + embeddings,
                    shape.cacheBytes(1, 1),
                    shape.maxPositions());
        }
    }

    private static void requireRoom(Path target, long bytes, long free) {
        if (free < bytes + MARGIN) {
            throw new ModelException(target + " needs " + ((bytes + MARGIN) >> 20)
                    + " MiB for the weights, but has only " + (free >> 20) + " MiB free");
        }
    }

    private void copyCompanions(Path target) throws IOException {
        for (String file : COMPANIONS) {
            Path holder = file.equals(ChatTemplate.TEMPLATE_FILE) ? folder.spokenTo() : folder.holding(file);
            Path source = holder.resolve(file);
            if (Files.exists(source) && !Files.exists(target.resolve(file))
                    || Files.exists(source) && !Files.isSameFile(source, target.resolve(file))) {
                Files.copy(source, target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
