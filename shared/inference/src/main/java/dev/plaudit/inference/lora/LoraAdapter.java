package dev.plaudit.inference.lora;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A LoRA adapter as PEFT saves it: {@value LoraConfig#FILE} and {@value #WEIGHTS}. */
public final class LoraAdapter {
    /** The file of its weights. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String WEIGHT = ".weight";

    private final Path folder;
    private final LoraConfig config;

    private LoraAdapter(Path folder, LoraConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /** Whether a folder holds an adapter. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(LoraConfig.FILE));
    }

    /** @throws ModelException when its configuration is missing, or asks for what is not built here */
    public static LoraAdapter read(Path folder) {
        return new LoraAdapter(folder, LoraConfig.of(ConfigFile.read(folder.resolve(LoraConfig.FILE))));
    }

    /** The name or path of the model that it was trained on, if it says so. */
    public Optional<String> base() {
        return config.base();
    }

    /**
     * The weights of a model with this adapter: {@code W + s · B A} for every module adapted, {@code s = α / r}, or {@code α /
     * √r} if it is rank-stabilised; and the modules saved as a whole in place of the model's own. They are computed in single
     * precision as they are read.
     *
     * @param base is closed together with the result, or when this fails
     * @throws ModelException when the adapter was not made for such a base
     */
    public Checkpoint on(Checkpoint base) {
        SafeTensors own = null;
        try {
            own = SafeTensors.open(folder.resolve(WEIGHTS));
            return new AdaptedCheckpoint(base, own, changes(base, own));
        } catch (RuntimeException e) {
            base.close();
            if (own != null) {
                own.close();
            }
            throw e;
        }
    }

    private Map<String, Change> changes(Checkpoint base, SafeTensors own) {
        Map<String, Change> changes = new LinkedHashMap<>();
        Set<String> unused = new TreeSet<>(own.names());
        for (String name : base.names()) {
            String tensor = PREFIX + name;
            String module = name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
            String a = PREFIX + module + A;
            String b = PREFIX + module + B;
            if (own.names().contains(a) && own.names().contains(b)) {
                changes.put(name, lowRank(module, base.tensor(name), own.tensor(a), own.tensor(b)));
                unused.removeAll(List.of(a, b));
            } else if (own.names().contains(tensor)) {
                changes.put(name, whole(base.tensor(name), own.tensor(tensor)));
                unused.remove(tensor);
            } else {
                requireUnchanged(module, base.tensor(name));
            }
        }
        unused.stream()
                .filter(name -> name.contains("lora_embedding"))
                .findFirst()
                .ifPresent(name -> {
                    throw new ModelException(folder + " adapts the embeddings (" + name + "), which is not supported");
                });
        if (!unused.isEmpty()) {
            throw otherBase("it adapts " + unused.iterator().next().replaceFirst("^base_model\\.model\\.", "")
                    + ", which the base does not have");
        }
        return changes;
    }

    private Change lowRank(String module, TensorInfo weight, TensorInfo a, TensorInfo b) {
        int rank = config.rank(module);
        long[] shape = weight.shape();
        if (shape.length != 2
                || !Arrays.equals(a.shape(), new long[] {rank, shape[1]})
                || !Arrays.equals(b.shape(), new long[] {shape[0], rank})) {
            throw otherBase("for " + module + " it has the shapes " + Arrays.toString(b.shape()) + " and "
                    + Arrays.toString(a.shape()) + " at the rank " + rank + ", where the base has "
                    + Arrays.toString(shape));
        }
        return new Change.LowRank(a.name(), b.name(), rank, config.scale(module));
    }

    private Change whole(TensorInfo weight, TensorInfo saved) {
        if (!Arrays.equals(weight.shape(), saved.shape())) {
            throw otherBase("its own " + weight.name() + " has the shape " + Arrays.toString(saved.shape())
                    + ", where the base has " + Arrays.toString(weight.shape()));
        }
        return new Change.Whole(saved.name());
    }

    /** What the configuration says is adapted must be in the file. */
    private void requireUnchanged(String module, TensorInfo weight) {
        boolean saved = config.saved().stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        boolean adapted = weight.shape().length == 2
                && weight.name().endsWith(WEIGHT)
                && !module.endsWith("embed_tokens")
                && config.adapts(module);
        if (saved || adapted) {
            throw otherBase(
                    LoraConfig.FILE + " says that it adapts " + module + ", but " + WEIGHTS + " has nothing for it");
        }
    }

    private ModelException otherBase(String why) {
        return new ModelException(folder + " is no adapter for this base: " + why);
    }
}
