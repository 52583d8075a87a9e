package dev.plaudit.training.caption;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * All that a training needs to go on after a round as if nothing had happened. Chance needs no state: what a step sees
 * follows from the seed and the step's number.
 *
 * @param history of the rounds so far
 * @param steps of the optimiser
 * @param weights in their order
 * @param optimiser the optimiser's state, in its order
 */
record CaptionCheckpoint(CaptionHistory history, long steps, List<float[]> weights, List<float[]> optimiser) {
    static final String FILE = "checkpoint.safetensors";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Writes the state of a training.
     *
     * @param settings what must be the same when the training goes on
     */
    static void write(
            Path folder, String settings, CaptionHistory history, NDList weights, long steps, List<NDArray> optimiser)
            throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "weights", weights);
        put(tensors, "optimiser", optimiser);
        Map<String, String> metadata = Map.of(
                "settings", settings,
                "history", JSON.writeValueAsString(history),
                "steps", Long.toString(steps));
        SafeTensorsWriter.write(folder.resolve(FILE), tensors, DType.F32, metadata);
    }

    private static void put(SequencedMap<String, Tensor> tensors, String group, List<NDArray> arrays) {
        for (int i = 0; i < arrays.size(); i++) {
            NDArray array = arrays.get(i);
            tensors.put(group + "." + i, new Tensor(array.getShape().getShape(), array.toFloatArray()));
        }
    }

    /**
     * Reads the state of a training, if there is any.
     *
     * @throws IllegalStateException if the training was started with other settings
     */
    static Optional<CaptionCheckpoint> read(Path folder, String settings) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SafeTensors state = SafeTensors.open(file)) {
            if (!settings.equals(state.metadata().get("settings"))) {
                throw new IllegalStateException("The training in " + folder
                        + " was started with other settings: use the same, or an empty folder.");
            }
            return Optional.of(new CaptionCheckpoint(
                    JSON.readValue(state.metadata().get("history"), CaptionHistory.class),
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
}
