package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Changes the scores of the next token before one is chosen. */
interface LogitsProcessor {
    float IMPOSSIBLE = Float.NEGATIVE_INFINITY;

    /**
     * Changes one sequence's scores in place.
     *
     * @param tokens the sequence so far, with what is known of its prompt
     * @param scores the next token's, logits or log-probabilities
     */
    void apply(int[] tokens, Scores scores);

    /** Whether all that it does is to make tokens impossible, whatever their scores. */
    default boolean masks() {
        return false;
    }

    /**
     * Those that a configuration asks for whatever its strategy, in Hugging Face's order.
     *
     * @param prompt tokens of the prompt
     */
    static List<LogitsProcessor> of(GenerationConfig config, int prompt) {
        List<LogitsProcessor> processors = new ArrayList<>();
        if (config.repetitionPenalty() != 1) {
            processors.add(new RepetitionPenalty((float) config.repetitionPenalty()));
        }
        if (config.noRepeatNgramSize() > 0) {
            processors.add(new NoRepeatNgram(config.noRepeatNgramSize()));
        }
        if (config.minNewTokens() > 0) {
            processors.add(new MinNewTokens(prompt + config.minNewTokens(), config.eosTokenIds()));
        }
        return List.copyOf(processors);
    }

    /** Those of sampling, in Hugging Face's order. */
    static List<LogitsProcessor> of(Strategy.Sampling sampling) {
        List<LogitsProcessor> processors = new ArrayList<>();
        if (sampling.temperature() != 1) {
            processors.add(new Temperature(sampling.temperature()));
        }
        if (sampling.topK() > 0) {
            processors.add(new TopK(sampling.topK()));
        }
        if (sampling.topP() < 1) {
            processors.add(new TopP(sampling.topP()));
        }
        if (sampling.minP() > 0) {
            processors.add(new MinP(sampling.minP()));
        }
        return List.copyOf(processors);
    }

    /** Keskar et al. 2019, "CTRL", section 4.1: a positive score is divided, a negative one multiplied. */
    record RepetitionPenalty(float penalty) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            for (int token : Arrays.stream(tokens).distinct().toArray()) {
                float score = scores.get(token);
                scores.set(token, score < 0 ? score * penalty : score / penalty);
            }
        }
    }

    /** No run of {@code size} tokens comes twice. */
    record NoRepeatNgram(int size) implements LogitsProcessor {
        @Override
        public boolean masks() {
            return true;
        }

        @Override
        public void apply(int[] tokens, Scores scores) {
            int prefix = size - 1;
            int last = tokens.length - prefix;
            for (int i = 0; i < last; i++) {
                if (Arrays.equals(tokens, i, i + prefix, tokens, last, tokens.length)) {
                    scores.set(tokens[i + prefix], IMPOSSIBLE);
                }
            }
        }
    }

    /** No end before the sequence has so many tokens. */
    record MinNewTokens(int least, Set<Integer> ends) implements LogitsProcessor {
        @Override
        public boolean masks() {
            return true;
        }

        @Override
        public void apply(int[] tokens, Scores scores) {
            if (tokens.length < least) {
                ends.forEach(end -> scores.set(end, IMPOSSIBLE));
            }
        }
    }

    /** No run of tokens that an index holds, whatever of it the prompt says. */
    record ForbiddenNgrams(NgramIndex index) implements LogitsProcessor {
        @Override
        public boolean masks() {
            return true;
        }

        @Override
        public void apply(int[] tokens, Scores scores) {
            index.continuations(tokens, token -> scores.set(token, IMPOSSIBLE));
        }
    }

    /** Scores divided by the temperature, as distances from the highest, which no temperature makes infinite. */
    record Temperature(double temperature) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            float highest = scores.max();
            if (highest == IMPOSSIBLE) {
                return;
            }
            for (int i = 0; i < scores.size(); i++) {
                scores.set(i, (float) ((scores.get(i) - highest) / temperature));
            }
        }
    }

    /** Fan et al. 2018, "Hierarchical Neural Story Generation": the {@code count} likeliest, and equals of the last. */
    record TopK(int count) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            if (count < scores.size()) {
                scores.keepFrom(scores.highest(count));
            }
        }
    }

    /**
     * Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1: the fewest of the likeliest
     * tokens whose probabilities together reach {@code mass}, and always the likeliest.
     */
    record TopP(double mass) implements LogitsProcessor {
        /** Sorting all takes as long as a small model's run: only the tokens of the bin are, in which the mass is reached. */
        private static final int BINS = 512;

        /** All but the last, which is for what is further below the highest than a vocabulary can add up to anything. */
        private static final float WIDTH = 32f / BINS;

        @Override
        public void apply(int[] tokens, Scores scores) {
            Exponentials exponentials = new Exponentials(scores);
            float max = exponentials.max();
            if (max == IMPOSSIBLE) {
                return;
            }
            double[] bins = bins(scores, exponentials);
            double all = 0;
            for (double sum : bins) {
                all += sum;
            }
            double wanted = mass * all;
            double reached = 0;
            int bin = 0;
            while (reached + bins[bin] < wanted) {
                reached += bins[bin++];
            }
            int[] inBin = tokens(scores, exponentials, bin);
            scores.sort(inBin);
            int kept = 0;
            do {
                reached += Math.exp(scores.get(inBin[kept++]) - max);
            } while (kept < inBin.length && reached < wanted);
            scores.keepFrom(scores.get(inBin[kept - 1]));
            for (int rank = kept; rank < inBin.length; rank++) {
                scores.set(inBin[rank], IMPOSSIBLE);
            }
        }

        /** The summed exponentials of the scores by their distance from the highest. */
        private static double[] bins(Scores scores, Exponentials exponentials) {
            double[] bins = new double[BINS];
            for (int chunk = 0; chunk < exponentials.chunks(); chunk++) {
                float[] values = exponentials.of(chunk);
                int first = exponentials.first(chunk);
                for (int i = 0; i < exponentials.count(chunk); i++) {
                    bins[bin(scores.get(first + i), exponentials.max())] += values[i];
                }
            }
            return bins;
        }

        private static int[] tokens(Scores scores, Exponentials exponentials, int bin) {
            float max = exponentials.max();
            float[] peaks = exponentials.peaks();
            int[] tokens = new int[scores.size()];
            int count = 0;
            float floor = bin == BINS - 1 ? IMPOSSIBLE : max - (bin + 2) * WIDTH;
            for (int token = scores.above(floor, 0, peaks);
                    token < scores.size();
                    token = scores.above(floor, token + 1, peaks)) {
                if (bin(scores.get(token), max) == bin) {
                    tokens[count++] = token;
                }
            }
            return Arrays.copyOf(tokens, count);
        }

        private static int bin(float score, float max) {
            return (int) Math.min((max - score) / WIDTH, BINS - 1);
        }
    }

    /** Nguyen et al. 2024, "Turning Up the Heat": tokens at least {@code share} times as likely as the likeliest. */
    record MinP(double share) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            scores.keepFrom((float) (scores.max() + Math.log(share)));
        }
    }
}
