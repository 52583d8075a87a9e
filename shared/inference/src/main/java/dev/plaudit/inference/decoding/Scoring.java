package dev.plaudit.inference.decoding;

import java.util.List;
import java.util.stream.IntStream;

/** Not a search at all: says given continuations and adds up how likely the model finds each token. */
final class Scoring implements Search {
    private final List<int[]> continuations;
    private final double[] logProbabilities;

    /** The continuations that are not at their end yet, by the rows of their scores. */
    private int[] live;

    private int said;

    Scoring(List<int[]> continuations) {
        this.continuations = continuations;
        this.logProbabilities = new double[continuations.size()];
        this.live = IntStream.range(0, continuations.size()).toArray();
        for (int i : live) {
            Rule.require(continuations.get(i).length > 0, "continuation %s is empty", i);
        }
    }

    double[] logProbabilities() {
        return logProbabilities.clone();
    }

    int longest() {
        return continuations.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
    }

    @Override
    public int maxRows() {
        return continuations.size();
    }

    @Override
    public Step next(float[] array, int start, int vocabulary) {
        for (int i = 0; i < live.length; i++) {
            Scores scores = new Scores(array, start + (said == 0 ? 0 : i) * vocabulary, vocabulary);
            int token = continuations.get(live[i])[said];
            logProbabilities[live[i]] += scores.get(token) - scores.logSumExp();
        }
        int[] going = IntStream.range(0, live.length)
                .filter(i -> continuations.get(live[i]).length > said + 1)
                .toArray();
        int[] parents = said == 0 ? new int[going.length] : going;
        live = IntStream.of(going).map(i -> live[i]).toArray();
        int[] tokens = IntStream.of(live).map(i -> continuations.get(i)[said]).toArray();
        said++;
        return new Step(parents, tokens);
    }
}
