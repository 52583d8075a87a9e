package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Changes the scores of the next token before one is chosen. */
sealed interface LogitsProcessor {
    float IMPOSSIBLE = Float.NEGATIVE_INFINITY;

    /**
     * Changes one row's scores in place.
     *
     * @param said the row's tokens so far, without the prompt
     * @param scores holds the row's scores, logits or log-probabilities, from {@code start} on
     */
    void apply(List<Integer> said, float[] scores, int start, int vocabulary);

    /** Those that a configuration asks for, in Hugging Face's order. */
    static List<LogitsProcessor> of(GenerationConfig config) {
        List<LogitsProcessor> processors = new ArrayList<>();
        if (config.repetitionPenalty() != 1) {
            processors.add(new RepetitionPenalty((float) config.repetitionPenalty()));
        }
        if (config.noRepeatNgramSize() > 0) {
            processors.add(new NoRepeatNgram(config.noRepeatNgramSize()));
        }
        if (config.minNewTokens() > 0) {
            processors.add(new MinNewTokens(config.minNewTokens(), config.eosTokenIds()));
        }
        return List.copyOf(processors);
    }

    /** Keskar et al. 2019, "CTRL", section 4.1: a positive score is divided, a negative one multiplied. */
    record RepetitionPenalty(float penalty) implements LogitsProcessor {
        @Override
        public void apply(List<Integer> said, float[] scores, int start, int vocabulary) {
            for (int token : Set.copyOf(said)) {
                float score = scores[start + token];
                scores[start + token] = score < 0 ? score * penalty : score / penalty;
            }
        }
    }

    /** No run of {@code size} tokens comes twice. */
    record NoRepeatNgram(int size) implements LogitsProcessor {
        @Override
        public void apply(List<Integer> said, float[] scores, int start, int vocabulary) {
            int prefix = size - 1;
            if (said.size() < prefix) {
                return;
            }
            List<Integer> last = said.subList(said.size() - prefix, said.size());
            for (int i = 0; i + prefix < said.size(); i++) {
                if (said.subList(i, i + prefix).equals(last)) {
                    scores[start + said.get(i + prefix)] = IMPOSSIBLE;
                }
            }
        }
    }

    /** No end before so many tokens. */
    record MinNewTokens(int least, Set<Integer> ends) implements LogitsProcessor {
        @Override
        public void apply(List<Integer> said, float[] scores, int start, int vocabulary) {
            if (said.size() < least) {
                ends.stream().filter(end -> end < vocabulary).forEach(end -> scores[start + end] = IMPOSSIBLE);
            }
        }
    }
}
