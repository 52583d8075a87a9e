package dev.plaudit.inference.decoding;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Greedy search and sampling: sequences that go on each for itself, and a token once chosen stays. */
final class IndependentSearch implements GeneratingSearch {
    /** Chooses the next token, of which at least one is possible. */
    interface Choice {
        int token(Scores scores);
    }

    /**
     * What may follow a sequence.
     *
     * @param scores what is chosen by
     * @param logits what the model itself said
     * @param norm their {@code log Σ exp}
     */
    private record Row(Scores scores, Scores logits, double norm) {
        double logProbability(int token) {
            return logits.get(token) - norm;
        }
    }

    private final StoppingCriteria criteria;
    private final List<LogitsProcessor> processors;
    private final List<Choice> choices;
    private final TokenListener listener;
    private final List<Sequence> sequences;
    private final List<Generated> generated;
    private final double[] logProbabilities;

    /** The sequences that have not ended, by the rows of their scores. */
    private int[] live;

    private boolean begun;

    /**
     * @param strategy what it changes the scores with, after what the configuration asks for
     * @param choices one for each sequence
     */
    IndependentSearch(GenerationRequest request, List<LogitsProcessor> strategy, List<Choice> choices) {
        this.criteria = request.criteria();
        this.processors =
                Stream.of(request.processors(), strategy).flatMap(List::stream).toList();
        this.choices = choices;
        this.listener = request.listener();
        this.sequences = new ArrayList<>(Collections.nCopies(choices.size(), request.start()));
        this.generated = new ArrayList<>(Collections.nCopies(choices.size(), null));
        this.logProbabilities = new double[choices.size()];
        this.live = IntStream.range(0, choices.size()).toArray();
    }

    @Override
    public int maxRows() {
        return choices.size();
    }

    @Override
    public Step next(float[] array, int start, int vocabulary) {
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < (begun ? live.length : 1); row++) {
            Scores scores = new Scores(array, start + row * vocabulary, vocabulary);
            Scores logits = scores.copy();
            int[] tokens = sequences.get(live[row]).tokens();
            processors.forEach(processor -> processor.apply(tokens, scores));
            rows.add(new Row(scores, logits, logits.logSumExp()));
        }
        int[] parents = new int[live.length];
        int[] tokens = new int[live.length];
        int[] going = new int[live.length];
        int count = 0;
        for (int i = 0; i < live.length; i++) {
            int row = begun ? i : 0;
            int token = say(live[i], rows.get(row));
            if (generated.get(live[i]) == null) {
                parents[count] = row;
                tokens[count] = token;
                going[count++] = live[i];
            }
        }
        begun = true;
        live = Arrays.copyOf(going, count);
        return new Step(Arrays.copyOf(parents, count), Arrays.copyOf(tokens, count));
    }

    @Override
    public List<Generated> generated() {
        return List.copyOf(generated);
    }

    /** Lets a sequence say its next token, and end where it should. */
    private int say(int number, Row row) {
        Sequence sequence = sequences.get(number);
        if (row.scores().max() == Float.NEGATIVE_INFINITY) {
            end(number, sequence.ended(Ending.LENGTH));
            return 0;
        }
        int token = choices.get(number).token(row.scores());
        Optional<Generated> ended = criteria.ended(sequence, token);
        if (ended.isEmpty() || ended.get().ending() != Ending.TOKEN) {
            logProbabilities[number] += row.logProbability(token);
            listener.said(number, token);
        }
        ended.ifPresent(whole -> end(number, whole));
        sequences.set(number, sequence.with(token));
        return token;
    }

    private void end(int number, Generated whole) {
        generated.set(number, whole.withLogProbability(logProbabilities[number]));
    }
}
