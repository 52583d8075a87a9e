package dev.plaudit.training.text;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How a training went.
 *
 * @param parameters number of weights of the model
 * @param best number of the epoch whose weights were kept
 * @param epochs in their order
 */
public record TrainingHistory(long parameters, int best, List<Epoch> epochs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One pass over all training examples.
     *
     * @param number 1, 2, …
     * @param loss mean cross entropy of the training examples, with dropout and smoothing
     * @param accuracy share of the training examples with the right label, with dropout
     * @param validationLoss mean cross entropy of the validation examples
     * @param validationAccuracy share of the validation examples with the right label
     * @param averaged whether the moving average of the weights validated better and was taken
     * @param gradientNorm mean global norm of the gradients before clipping
     * @param seconds the epoch took, validation included
     */
    public record Epoch(
            int number,
            double loss,
            double accuracy,
            double validationLoss,
            double validationAccuracy,
            boolean averaged,
            double gradientNorm,
            double seconds) {}

    public TrainingHistory {
        epochs = List.copyOf(epochs);
    }

    /** The epoch whose weights were kept. */
    @JsonIgnore
    public Epoch bestEpoch() {
        return epochs.get(best - 1);
    }

    /** The history as JSON. */
    String json() throws JsonProcessingException {
        return JSON.writeValueAsString(this);
    }

    /** The history that {@link #json} gave. */
    static TrainingHistory of(String json) throws JsonProcessingException {
        return JSON.readValue(json, TrainingHistory.class);
    }

    /** Writes the history as JSON. */
    void write(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }
}
