package dev.plaudit.training.caption;

import java.time.Duration;

/**
 * How a captioner is trained.
 *
 * @param steps of the optimiser
 * @param atMost when to be done at the latest: the learning rate falls with the time where the steps do not come as fast
 * @param batchSize pictures a step
 * @param pictures how many different ones there are to learn from
 * @param firstPictures how many are made before the first step; the vocabulary is learned from their captions
 * @param freshShare which part of a batch was never seen before, as long as there are such pictures, 0 to 1
 * @param vocabulary tokens
 * @param learningRate the peak of the cosine schedule
 * @param averageDecay decay of the moving average of the weights, which is what is written
 * @param questions weight of the questions for subject and colour, which falls to a tenth in the end
 * @param looking over which part of the training, 0 to 1, only the vision transformer learns, by the questions alone:
 *     many more pictures in the same time
 * @param shift by how many pixels a picture is moved at most, at random, and turned and scaled a little as well; at 0 it
 *     stays as it is
 * @param round after how many steps the model is measured and everything is written
 * @param validation how many unseen pictures it is measured on after a round
 * @param unseen how many others the finished model is measured on
 * @param mixedPrecision whether matrices are multiplied in bfloat16
 * @param threads cores to compute on
 * @param seed of the first weights and of what is seen when
 * @param resume whether to go on from the checkpoint in the output folder, if there is one
 */
public record CaptionTrainingOptions(
        int steps,
        Duration atMost,
        int batchSize,
        int pictures,
        int firstPictures,
        double freshShare,
        int vocabulary,
        double learningRate,
        double averageDecay,
        double questions,
        double looking,
        int shift,
        int round,
        int validation,
        int unseen,
        boolean mixedPrecision,
        int threads,
        long seed,
        boolean resume) {

    public CaptionTrainingOptions {
        require(steps >= 1, "steps must be at least 1");
        require(atMost.isPositive(), "the time must be positive");
        require(batchSize >= 1, "batchSize must be at least 1");
        require(pictures >= 1, "pictures must be at least 1");
        require(firstPictures >= 1 && firstPictures <= pictures, "firstPictures must be 1 to pictures");
        require(freshShare >= 0 && freshShare <= 1, "freshShare must be 0 to 1");
        require(learningRate > 0, "learningRate must be positive");
        require(averageDecay >= 0 && averageDecay < 1, "averageDecay must be 0 to below 1");
        require(questions >= 0, "questions must not be negative");
        require(looking >= 0 && looking < 1, "looking must be 0 to below 1");
        require(shift >= 0, "shift must not be negative");
        require(round >= 1, "round must be at least 1");
        require(validation >= 1, "validation must be at least 1");
        require(unseen >= 1, "unseen must be at least 1");
        require(threads >= 1, "threads must be at least 1");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("Training options: " + rule + ".");
        }
    }

    /** How many of the pictures are known after so many steps. */
    int picturesIn(long steps) {
        return (int) Math.min(pictures, firstPictures + steps * fresh());
    }

    /** How many pictures of a batch were never seen before, as long as there are such. */
    int fresh() {
        return (int) Math.round(batchSize * freshShare);
    }

    /** Options that suit the captioner that ships, to be adapted. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; what is not set keeps its default. */
    public static final class Builder {
        private int steps = 12_000;
        private Duration atMost = Duration.ofDays(30);
        private int batchSize = 64;
        private int pictures = 40_000;
        private int firstPictures = 3000;
        private double freshShare = 0.1;
        private int vocabulary = 800;
        private double learningRate = 2.5e-3;
        private double averageDecay = 0.998;
        private double questions = 1;
        private double looking = 0.5;
        private int shift = 4;
        private int round = 250;
        private int validation = 256;
        private int unseen = 1000;
        private boolean mixedPrecision = true;
        private int threads = 1;
        private long seed = 1;
        private boolean resume;

        private Builder() {}

        public Builder steps(int steps) {
            this.steps = steps;
            return this;
        }

        public Builder atMost(Duration atMost) {
            this.atMost = atMost;
            return this;
        }

        public Builder batchSize(int batchSize) {
            this.batchSize = batchSize;
            return this;
        }

        /** Sets how many pictures there are, and how many of them are made before the first step. */
        public Builder pictures(int pictures, int first) {
            this.pictures = pictures;
            this.firstPictures = first;
            return this;
        }

        public Builder vocabulary(int vocabulary) {
            this.vocabulary = vocabulary;
            return this;
        }

        public Builder learningRate(double learningRate) {
            this.learningRate = learningRate;
            return this;
        }

        public Builder averageDecay(double averageDecay) {
            this.averageDecay = averageDecay;
            return this;
        }

        public Builder questions(double questions) {
            this.questions = questions;
            return this;
        }

        public Builder looking(double looking) {
            this.looking = looking;
            return this;
        }

        public Builder shift(int shift) {
            this.shift = shift;
            return this;
        }

        public Builder round(int round) {
            this.round = round;
            return this;
        }

        public Builder validation(int validation) {
            this.validation = validation;
            return this;
        }

        public Builder unseen(int unseen) {
            this.unseen = unseen;
            return this;
        }

        public Builder mixedPrecision(boolean mixedPrecision) {
            this.mixedPrecision = mixedPrecision;
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

        public Builder resume(boolean resume) {
            this.resume = resume;
            return this;
        }

        public CaptionTrainingOptions build() {
            return new CaptionTrainingOptions(
                    steps,
                    atMost,
                    batchSize,
                    pictures,
                    firstPictures,
                    freshShare,
                    vocabulary,
                    learningRate,
                    averageDecay,
                    questions,
                    looking,
                    shift,
                    round,
                    validation,
                    unseen,
                    mixedPrecision,
                    threads,
                    seed,
                    resume);
        }
    }
}
