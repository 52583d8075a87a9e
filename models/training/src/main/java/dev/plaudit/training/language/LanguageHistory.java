package dev.plaudit.training.language;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How a training went.
 *
 * @param parameters number of weights of the model, an adapter's included
 * @param learning number of those that learnt
 * @param best place of the round whose weights were kept, from 0; -1 before the first
 * @param rounds in their order
 */
public record LanguageHistory(long parameters, long learning, int best, List<Round> rounds) {

    /**
     * Some steps, and what they led to.
     *
     * @param step the last of them, counted from the start of the training
     * @param epoch how many passes over all instructions that makes
     * @param loss mean cross entropy of the answers' tokens, with dropout, in nats
     * @param validationLoss the same of the instructions to choose by, without
     * @param gradientNorm mean global norm of the gradients before clipping
     * @param seconds since the training began, breaks left out
     */
    public record Round(
            long step, double epoch, double loss, double validationLoss, double gradientNorm, double seconds) {

        /** How many tokens the model hesitates between, on the instructions to choose by. */
        @JsonIgnore
        public double perplexity() {
            return Math.exp(validationLoss);
        }
    }

    public LanguageHistory {
        rounds = List.copyOf(rounds);
    }

    /** The round whose weights were kept. */
    @JsonIgnore
    public Round bestRound() {
        return rounds.get(best);
    }

    /** Writes the history as JSON. */
    void write(Path file) throws IOException {
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }
}
