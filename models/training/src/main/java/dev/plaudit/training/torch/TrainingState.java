package dev.plaudit.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.plaudit.inference.lora.LoraAdapter;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a training needs to go on as if it had never stopped: the weights that learn and the optimiser's state. Chance
 * needs none when it follows from the seed and the step's number.
 *
 * @param history how the training went, in the trainer's own words
 * @param steps that the optimiser took
 * @param weights in their order
 * @param optimiser the optimiser's state, in its order
 */
public record TrainingState(String history, long steps, List<float[]> weights, List<float[]> optimiser) {
    /** The file's name in a model folder. */
    public static final String FILE = "checkpoint.safetensors";

    /** What serving would take for the model of a folder. */
    private static final List<String> WEIGHTS =
            List.of(SafeTensors.FILE, SafeTensors.INDEX, LoraAdapter.WEIGHTS, "model.onnx", "model.pt");

    /**
     * Writes the state of a training; the file appears whole or not at all.
     *
     * @param settings what must be the same when the training goes on
     */
    public static void write(Path folder, String settings, String history, NDList weights, AdamW optimiser)
            throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "weights", weights);
        put(tensors, "optimiser", optimiser.state());
        Map<String, String> metadata =
                Map.of("settings", settings, "history", history, "steps", Long.toString(optimiser.steps()));
        SafeTensorsWriter.write(folder.resolve(FILE), tensors, DType.F32, metadata);
    }

    private static void put(SequencedMap<String, Tensor> tensors, String group, List<NDArray> arrays) {
        for (int i = 0; i < arrays.size(); i++) {
            NDArray array = arrays.get(i);
            tensors.put(group + "." + i, new Tensor(array.getShape().getShape(), array.toFloatArray()));
        }
    }

    /** Whether a folder holds the state of a training, so that it can go on. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Makes room for a new training: removes an earlier one's state and weights. If the new one is cut off, nothing is there
     * that would pass for a model beside its tokenizer. Weights in the same folder that it starts from stay.
     *
     * @param start the folder whose weights it starts from; must be there
     */
    public static void clear(Path folder, Optional<Path> start) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(FILE));
        if (start.isEmpty() || !Files.isSameFile(start.get(), folder)) {
            for (String weights : WEIGHTS) {
                Files.deleteIfExists(folder.resolve(weights));
            }
        }
    }

    /**
     * Reads the state of a training, if there is any.
     *
     * @throws IllegalArgumentException if the training was started with other settings
     */
    public static Optional<TrainingState> read(Path folder, String settings) {
        if (!isIn(folder)) {
            return Optional.empty();
        }
        try (SafeTensors state = SafeTensors.open(folder.resolve(FILE))) {
            if (!settings.equals(state.metadata().get("settings"))) {
                throw new IllegalArgumentException("The training in " + folder
                        + " was started with other settings: use the same, or an empty folder.");
            }
            return Optional.of(new TrainingState(
                    state.metadata().get("history"),
                    Long.parseLong(state.metadata().get("steps")),
                    group(state, "weights"),
                    group(state, "optimiser")));
        }
    }

    private static List<float[]> group(SafeTensors state, String group) {
        List<float[]> values = new ArrayList<>();
        for (int i = 0; state.names().contains(group + "." + i); i++) {
            values.add(state.floats(group + "." + i));
        }
        return values;
    }

    /** Puts weights and optimiser back where they were. */
    public void restore(NDList into, AdamW adamW) {
        for (int i = 0; i < into.size(); i++) {
            into.get(i).set(weights.get(i));
        }
        adamW.restore(steps, optimiser);
    }
}
