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
            processors.add(new Temperature((float) sampling.temperature()));
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
        public void apply(int[] tokens, Scores scores) {
            if (tokens.length < least) {
                ends.forEach(end -> scores.set(end, IMPOSSIBLE));
            }
        }
    }

    /** No run of tokens that an index holds, whatever of it the prompt says. */
    record ForbiddenNgrams(NgramIndex index) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            index.continuations(tokens, token -> scores.set(token, IMPOSSIBLE));
        }
    }

    /** Scores divided by the temperature. */
    record Temperature(float temperature) implements LogitsProcessor {
        @Override
        public void apply(int[] tokens, Scores scores) {
            for (int i = 0; i < scores.size(); i++) {
                scores.set(i, scores.get(i) / temperature);
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
        /** How far below the highest score to look, until it is enough: sorting all takes as long as a small model's run. */
        private static final float[] DEPTHS = {3, 6, 12, Float.POSITIVE_INFINITY};

        @Override
        public void apply(int[] tokens, Scores scores) {
            double norm = scores.logSumExp();
            float max = scores.max();
            boolean enough = false;
            for (int i = 0; i < DEPTHS.length && !enough; i++) {
                enough = keep(scores, scores.bestFirst(max - DEPTHS[i]), norm);
            }
        }

        /** Keeps the first of some tokens that reach the mass, if they do. */
        private boolean keep(Scores scores, int[] byScore, double norm) {
            double reached = 0;
            for (int rank = 0; rank < byScore.length; rank++) {
                reached += Math.exp(scores.get(byScore[rank]) - norm);
                if (reached >= mass) {
                    scores.keepFrom(scores.get(byScore[rank]));
                    for (int equal = rank + 1; equal < byScore.length; equal++) {
                        scores.set(byScore[equal], IMPOSSIBLE);
                    }
                    return true;
                }
            }
            return false;
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
