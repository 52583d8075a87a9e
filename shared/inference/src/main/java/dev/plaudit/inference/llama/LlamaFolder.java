package dev.plaudit.inference.llama;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.chat.ChatTemplate;
import dev.plaudit.inference.lora.LoraAdapter;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the parts of a model lie: a checkpoint's folder, and that of a LoRA adapter where there is one. Files that both have,
 * such as {@code tokenizer.json}, are taken from the adapter.
 */
public record LlamaFolder(Path base, Optional<Path> adapter) {
    /**
     * A folder with a checkpoint, or with an adapter that names its base by the path of a folder.
     *
     * @throws ModelException when an adapter names no folder
     */
    public static LlamaFolder of(Path folder) {
        if (!LoraAdapter.isIn(folder)) {
            return new LlamaFolder(folder, Optional.empty());
        }
        String name = LoraAdapter.read(folder)
                .base()
                .orElseThrow(() -> new ModelException(folder + " is a LoRA adapter that does not name its base"));
        return Stream.of(Path.of(name), folder.resolve(name))
                .filter(Files::isDirectory)
                .findFirst()
                .map(base -> new LlamaFolder(base, Optional.of(folder)))
                .orElseThrow(() -> new ModelException(folder + " is a LoRA adapter for " + name
                        + ", which is no folder here; name the base's folder beside it"));
    }

    /** A checkpoint's folder with an adapter, whatever base that names. */
    public static LlamaFolder of(Path base, Path adapter) {
        return new LlamaFolder(base, Optional.of(adapter));
    }

    /** The configuration of the model. */
    public ConfigFile config() {
        return ConfigFile.read(base.resolve(ConfigFile.NAME));
    }

    /** The folder from which a file is taken: the adapter's, if it is there. */
    public Path holding(String file) {
        return adapter.filter(folder -> Files.exists(folder.resolve(file))).orElse(base);
    }

    /** The folder that says how the model is spoken to: the adapter's, if it says anything of that. */
    public Path spokenTo() {
        return adapter.filter(ChatTemplate::isDecidedBy).orElse(base);
    }

    /**
     * The weights, the adapter's included.
     *
     * @param precision that the weights are in, where they are there in no other
     * @throws ModelException when there are none, or they cannot be used
     */
    public Checkpoint open(Precision precision) {
        Path converted = Weights.file(base, LlamaGraph.PART, precision);
        if (!hasOriginal() && adapter.isEmpty() && Files.exists(converted)) {
            return SafeTensors.open(converted);
        }
        if (!hasOriginal()) {
            throw new ModelException(base + " holds neither " + SafeTensors.FILE + " nor " + SafeTensors.INDEX
                    + (adapter.isEmpty() ? " nor " + converted.getFileName() : ""));
        }
        Checkpoint checkpoint = SafeTensors.open(base);
        return adapter.map(folder -> LoraAdapter.read(folder).on(checkpoint)).orElse(checkpoint);
    }

    /** Whether there are weights to be opened, and not only an exported graph. */
    boolean hasWeights(Precision precision) {
        return hasOriginal() || adapter.isPresent() || Files.exists(Weights.file(base, LlamaGraph.PART, precision));
    }

    private boolean hasOriginal() {
        return Stream.of(SafeTensors.FILE, SafeTensors.INDEX).anyMatch(file -> Files.exists(base.resolve(file)));
    }

    /** Where weights in another precision lie: beside the adapter, or beside the weights themselves. */
    Path sidecar(Checkpoint checkpoint) {
        return adapter.orElseGet(
                () -> checkpoint.tensor(checkpoint.names().getFirst()).file().getParent());
    }
}
