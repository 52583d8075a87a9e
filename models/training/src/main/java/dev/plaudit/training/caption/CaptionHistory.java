package dev.plaudit.training.caption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How a training went.
 *
 * @param parameters number of weights of the model
 * @param rounds in their order
 */
public record CaptionHistory(long parameters, List<Round> rounds) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Some hundred steps.
     *
     * @param step the last of them, counted from the start of the training
     * @param loss mean cross entropy of the captions' tokens
     * @param pictureSubject share of the pictures whose subject the head on the vision transformer told
     * @param pictureColor share of the pictures whose colour another head told
     * @param unseenSubject share of unseen pictures whose subject that head told, by the averaged weights
     * @param unseenColor share of those whose colour it told
     * @param validationLoss of unseen pictures, by the averaged weights
     * @param subjectNamed share of unseen pictures whose caption names the subject; 0 while only the vision transformer learns
     * @param colorNamed share of those whose caption names the colour
     * @param gradientNorm mean global norm of the gradients before clipping
     * @param seconds since the training began, breaks left out
     */
    public record Round(
            long step,
            double loss,
            double pictureSubject,
            double pictureColor,
            double unseenSubject,
            double unseenColor,
            double validationLoss,
            double subjectNamed,
            double colorNamed,
            double gradientNorm,
            double seconds) {}

    public CaptionHistory {
        rounds = List.copyOf(rounds);
    }

    /** The history as JSON. */
    String json() throws JsonProcessingException {
        return JSON.writeValueAsString(this);
    }

    /** The history that {@link #json} gave. */
    static CaptionHistory of(String json) throws JsonProcessingException {
        return JSON.readValue(json, CaptionHistory.class);
    }

    /** Writes the history as JSON. */
    void write(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }
}
