package dev.plaudit.inference.decoding;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Beam search as Hugging Face's {@code generate} defines it: of the {@code (1 + ends) · num_beams}, at least twice as many
 * as beams, likeliest continuations those among the first {@code num_beams} that end are set aside with the score {@code Σ
 * log p / length^length_penalty}, the end counted in the length, and the best others go on. Equal scores go to the lower
 * beam, then to the lower token. Where no beam can go on, they end as they stand.
 */
final class BeamSearch implements GeneratingSearch {
    private record Beam(double logProbability, Sequence sequence) {}

    private record Finished(double score, Generated generated) {
        static final Comparator<Finished> BEST_FIRST =
                Comparator.comparingDouble(Finished::score).reversed();
    }

    /** A continuation. */
    private record Candidate(double logProbability, int beam, int token) {}

    /** The likeliest of the continuations that were offered, best first; of equals the earlier. */
    private static final class Likeliest {
        private final Candidate[] kept;
        private int size;

        Likeliest(int most) {
            this.kept = new Candidate[most];
        }

        /** What a continuation must exceed to be kept. */
        double least() {
            return size < kept.length ? Double.NEGATIVE_INFINITY : kept[size - 1].logProbability();
        }

        void offer(Candidate candidate) {
            if (candidate.logProbability() > least()) {
                int at = size < kept.length ? size++ : size - 1;
                for (; at > 0 && kept[at - 1].logProbability() < candidate.logProbability(); at--) {
                    kept[at] = kept[at - 1];
                }
                kept[at] = candidate;
            }
        }

        List<Candidate> bestFirst() {
            return Arrays.asList(kept).subList(0, size);
        }
    }

    private final GenerationConfig config;
    private final Strategy.Beams strategy;
    private final StoppingCriteria criteria;
    private final List<LogitsProcessor> processors;
    private final boolean masking;
    private final List<Finished> finished = new ArrayList<>();
    private List<Beam> beams;

    BeamSearch(GenerationRequest request, Strategy.Beams strategy) {
        this.config = request.config();
        this.strategy = strategy;
        this.criteria = request.criteria();
        this.processors = request.processors();
        this.masking = processors.stream().allMatch(LogitsProcessor::masks);
        this.beams = List.of(new Beam(0, request.start()));
    }

    @Override
    public int maxRows() {
        return strategy.numBeams();
    }

    @Override
    public Step next(float[] scores, int start, int vocabulary) {
        List<Beam> next = new ArrayList<>();
        List<Candidate> survivors = new ArrayList<>();
        List<Candidate> candidates = candidates(scores, start, vocabulary);
        int length = beams.getFirst().sequence().length() + 1;
        for (int rank = 0; rank < candidates.size() && next.size() < strategy.numBeams(); rank++) {
            Candidate candidate = candidates.get(rank);
            Sequence sequence = beams.get(candidate.beam()).sequence();
            Optional<Generated> ended = criteria.ended(sequence, candidate.token());
            if (ended.isEmpty()) {
                next.add(new Beam(candidate.logProbability(), sequence.with(candidate.token())));
                survivors.add(candidate);
            } else if (rank < strategy.numBeams()) {
                finish(candidate.logProbability(), length, ended.get());
            }
        }
        if (candidates.isEmpty()) {
            beams.forEach(beam -> finish(
                    beam.logProbability(),
                    Math.max(1, beam.sequence().length()),
                    beam.sequence().ended(Ending.LENGTH)));
        }
        beams = next;
        if (next.isEmpty() || isDone(length)) {
            return Step.END;
        }
        int[] parents = new int[survivors.size()];
        int[] tokens = new int[survivors.size()];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = survivors.get(i).beam();
            tokens[i] = survivors.get(i).token();
        }
        return new Step(parents, tokens);
    }

    @Override
    public List<Generated> generated() {
        return finished.stream()
                .limit(config.numReturnSequences())
                .map(Finished::generated)
                .toList();
    }

    /** Adds a finished sequence and forgets the worst, if there are more than beams. */
    private void finish(double logProbability, int length, Generated generated) {
        finished.add(new Finished(logProbability / Math.pow(length, strategy.lengthPenalty()), generated));
        finished.sort(Finished.BEST_FIRST);
        if (finished.size() > strategy.numBeams()) {
            finished.removeLast();
        }
    }

    /** Whether no beam can or should still do better. */
    private boolean isDone(int length) {
        if (finished.size() < strategy.numBeams()) {
            return false;
        }
        boolean anyLength = strategy.lengthPenalty() > 0;
        double best = beams.getFirst().logProbability();
        return switch (strategy.earlyStopping()) {
            case WHEN_FULL -> true;
            case HEURISTIC -> !beats(best, length);
            case NEVER -> !beats(best, anyLength ? config.maxNewTokens() : length);
        };
    }

    private boolean beats(double logProbability, int length) {
        return logProbability / Math.pow(length, strategy.lengthPenalty())
                > finished.getLast().score();
    }

    /** The likeliest continuations of the beams, best first. */
    private List<Candidate> candidates(float[] array, int start, int vocabulary) {
        Likeliest likeliest = new Likeliest(Math.max(2, 1 + config.eosTokenIds().size()) * strategy.numBeams());
        for (int b = 0; b < beams.size(); b++) {
            Beam beam = beams.get(b);
            Scores scores = new Scores(array, start + b * vocabulary, vocabulary);
            Exponentials exponentials = new Exponentials(scores);
            float norm = (float) exponentials.logSum();
            if (!masking) {
                scores.subtract(norm);
                norm = 0;
            }
            for (LogitsProcessor processor : processors) {
                processor.apply(beam.sequence().tokens(), scores);
            }
            float[] peaks = masking ? exponentials.peaks() : scores.peaks();
            float floor = floor(likeliest, beam, norm);
            for (int token = scores.above(floor, 0, peaks);
                    token < vocabulary;
                    token = scores.above(floor, token + 1, peaks)) {
                likeliest.offer(new Candidate(beam.logProbability() + (scores.get(token) - norm), b, token));
                floor = floor(likeliest, beam, norm);
            }
        }
        return likeliest.bestFirst();
    }

    /** The score that a token after a beam must exceed to be kept; perhaps a little less, for rounding. */
    private static float floor(Likeliest likeliest, Beam beam, float norm) {
        double logProbability = likeliest.least() - beam.logProbability();
        double rounding = 4 * Math.ulp((float) Math.max(Math.abs(logProbability), Math.abs(norm)));
        return (float) (logProbability + norm - rounding);
    }
}
