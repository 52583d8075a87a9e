package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Takes the likeliest token, again and again; of equals the one with the lowest number. */
record GreedySearch(GenerationConfig config) implements Search {
    @Override
    public int rowsPerPrompt() {
        return 1;
    }

    @Override
    public List<int[]> run(Decoder decoder, int prompts) {
        List<LogitsProcessor> processors = LogitsProcessor.of(config);
        int vocabulary = decoder.vocabulary();
        int[] same = IntStream.range(0, prompts).toArray();
        List<List<Integer>> said =
                Stream.<List<Integer>>generate(ArrayList::new).limit(prompts).toList();
        boolean[] ended = new boolean[prompts];
        for (int length = 0; length < config.maxNewTokens(); length++) {
            float[] scores = decoder.logits();
            int[] next = new int[prompts];
            boolean done = true;
            for (int row = 0; row < prompts; row++) {
                int start = row * vocabulary;
                for (LogitsProcessor processor : processors) {
                    processor.apply(said.get(row), scores, start, vocabulary);
                }
                next[row] = argmax(scores, start, vocabulary);
                ended[row] |= config.eosTokenIds().contains(next[row]);
                if (!ended[row]) {
                    said.get(row).add(next[row]);
                    done = false;
                }
            }
            if (done) {
                break;
            }
            if (length + 1 < config.maxNewTokens()) {
                decoder.advance(same, next);
            }
        }
        return said.stream()
                .map(tokens -> tokens.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private static int argmax(float[] scores, int start, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (scores[start + i] > scores[start + best]) {
                best = i;
            }
        }
        return best;
    }
}
