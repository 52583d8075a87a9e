package dev.plaudit.training.language;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a language model is trained.
 *
 * @param epochs passes over all instructions, at least 1
 * @param atMost the time after which the training is over even if not all epochs are; the learning rate falls in time
 * @param batchSize instructions in a step, at least 1
 * @param maxTokens the longest prompt with its answer; a longer prompt loses its beginning, a longer answer its end
 * @param learningRate peak of the cosine schedule
 * @param warmUp share of the training during which the rate rises, 0 to 1
 * @param weightDecay of matrices
 * @param clipNorm the greatest global norm of a gradient; 0 clips nothing
 * @param averageDecay of the moving average of the weights, which is what is measured and written; 0 keeps none
 * @param dropout of embeddings and residual branches, 0 to below 1
 * @param round steps between two measurements, after each of which a training that is cut short can go on
 * @param patience rounds without a better one before the training stops
 * @param threads of PyTorch
 * @param seed of everything that is left to chance
 * @param resume whether to go on with a training that was cut short
 * @param base a checkpoint to start from
 * @param lora train this adapter of the base in place of all its weights
 */
public record LanguageTrainingOptions(
        int epochs,
        Duration atMost,
        int batchSize,
        int maxTokens,
        double learningRate,
        double warmUp,
        double weightDecay,
        double clipNorm,
        double averageDecay,
        double dropout,
        int round,
        int patience,
        int threads,
        long seed,
        boolean resume,
        Optional<Path> base,
        Optional<Lora> lora) {
    public LanguageTrainingOptions {
        require(epochs >= 1, "epochs must be at least 1");
        require(atMost.isPositive(), "the time must be positive");
        require(batchSize >= 1, "the batch size must be at least 1");
        require(maxTokens >= 8, "the longest sequence must be at least 8 tokens");
        require(learningRate > 0 && Double.isFinite(learningRate), "the learning rate must be positive");
        require(warmUp >= 0 && warmUp <= 1, "the warm-up must be 0 to 1");
        require(dropout >= 0 && dropout < 1, "dropout must be 0 to below 1");
        require(averageDecay >= 0 && averageDecay < 1, "the decay of the average must be 0 to below 1");
        require(round >= 1 && patience >= 1 && threads >= 1, "round, patience and threads must be at least 1");
        require(lora.isEmpty() || base.isPresent(), "an adapter needs a base: --base FOLDER");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
