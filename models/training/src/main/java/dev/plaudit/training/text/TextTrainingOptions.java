package dev.plaudit.training.text;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a text classifier is trained.
 *
 * @param epochs the most times all examples are seen
 * @param batchSize examples a step
 * @param learningRate the peak of the cosine schedule
 * @param warmUp which part of all steps the rate rises, 0 to 1
 * @param weightDecay decoupled weight decay of the matrices; biases and layer norms never decay
 * @param decayEmbeddings whether the embeddings decay too
 * @param clipNorm the greatest global norm of a gradient; 0 clips nothing
 * @param averageDecay decay of the moving average of the weights, which is kept where it validates better; 0 for none
 * @param selection by which validation figure the best epoch is chosen
 * @param patience after how many epochs without a better one training stops
 * @param threads cores to compute on
 * @param seed of the first weights, the order of the examples and dropout
 * @param halfPrecision whether the weights are written as 16-bit floats
 * @param resume whether to go on from the checkpoint in the output folder, if there is one
 * @param start a folder with a checkpoint whose weights to start from, in place of random ones
 */
public record TextTrainingOptions(
        int epochs,
        int batchSize,
        double learningRate,
        double warmUp,
        double weightDecay,
        boolean decayEmbeddings,
        double clipNorm,
        double averageDecay,
        Selection selection,
        int patience,
        int threads,
        long seed,
        boolean halfPrecision,
        boolean resume,
        Optional<Path> start) {

    /** The figure that tells which epoch is best. */
    public enum Selection {
        /** The greatest share of right labels. */
        ACCURACY,
        /** The least cross entropy. */
        LOSS
    }

    public TextTrainingOptions {
        require(epochs >= 1, "epochs must be at least 1");
        require(batchSize >= 1, "batchSize must be at least 1");
        require(learningRate > 0, "learningRate must be positive");
        require(warmUp >= 0 && warmUp <= 1, "warmUp must be 0 to 1");
        require(averageDecay >= 0 && averageDecay < 1, "averageDecay must be 0 to below 1");
        require(patience >= 1, "patience must be at least 1");
        require(threads >= 1, "threads must be at least 1");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("Training options: " + rule + ".");
        }
    }

    /** Options that suit a small model trained from scratch, to be adapted. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; what is not set keeps its default. */
    public static final class Builder {
        private int epochs = 10;
        private int batchSize = 32;
        private double learningRate = 5e-4;
        private double warmUp = 0.06;
        private double weightDecay = 0.01;
        private boolean decayEmbeddings = true;
        private double clipNorm = 1;
        private double averageDecay;
        private Selection selection = Selection.ACCURACY;
        private int patience = 3;
        private int threads = 1;
        private long seed = 1;
        private boolean halfPrecision;
        private boolean resume;
        private Optional<Path> start = Optional.empty();

        private Builder() {}

        public Builder epochs(int epochs) {
            this.epochs = epochs;
            return this;
        }

        public Builder batchSize(int batchSize) {
            this.batchSize = batchSize;
            return this;
        }

        public Builder learningRate(double learningRate) {
            this.learningRate = learningRate;
            return this;
        }

        public Builder weightDecay(double weightDecay, boolean decayEmbeddings) {
            this.weightDecay = weightDecay;
            this.decayEmbeddings = decayEmbeddings;
            return this;
        }

        public Builder averageDecay(double averageDecay) {
            this.averageDecay = averageDecay;
            return this;
        }

        public Builder selection(Selection selection) {
            this.selection = selection;
            return this;
        }

        public Builder patience(int patience) {
            this.patience = patience;
            return this;
        }

        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        public Builder halfPrecision(boolean halfPrecision) {
            this.halfPrecision = halfPrecision;
            return this;
        }

        public Builder resume(boolean resume) {
            this.resume = resume;
            return this;
        }

        public Builder start(Path checkpoint) {
            this.start = Optional.of(checkpoint);
            return this;
        }

        public TextTrainingOptions build() {
            return new TextTrainingOptions(
                    epochs,
                    batchSize,
                    learningRate,
                    warmUp,
                    weightDecay,
                    decayEmbeddings,
                    clipNorm,
                    averageDecay,
                    selection,
                    patience,
                    threads,
                    seed,
                    halfPrecision,
                    resume,
                    start);
        }
    }
}
