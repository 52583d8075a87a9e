package dev.plaudit.inference.decoding;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

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
    private record Candidate(double logProbability, int beam, int token) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparingDouble(Candidate::logProbability)
                .reversed()
                .thenComparingInt(Candidate::beam)
                .thenComparingInt(Candidate::token);
    }

    private final GenerationConfig config;
    private final Strategy.Beams strategy;
    private final StoppingCriteria criteria;
    private final List<LogitsProcessor> processors;
    private final List<Finished> finished = new ArrayList<>();
    private List<Beam> beams;

    BeamSearch(GenerationRequest request, Strategy.Beams strategy) {
        this.config = request.config();
        this.strategy = strategy;
        this.criteria = request.criteria();
        this.processors = request.processors();
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
        return new Step(
                survivors.stream().mapToInt(Candidate::beam).toArray(),
                survivors.stream().mapToInt(Candidate::token).toArray());
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
        int count = Math.max(2, 1 + config.eosTokenIds().size()) * strategy.numBeams();
        PriorityQueue<Candidate> best = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
        double least = Double.NEGATIVE_INFINITY;
        for (int b = 0; b < beams.size(); b++) {
            Beam beam = beams.get(b);
            Scores scores = new Scores(array, start + b * vocabulary, vocabulary);
            scores.normalize();
            for (LogitsProcessor processor : processors) {
                processor.apply(beam.sequence().tokens(), scores);
            }
            float floor = floor(least, beam);
            for (int token = 0; token < vocabulary; token++) {
                if (scores.get(token) > floor) {
                    best.add(new Candidate(beam.logProbability() + scores.get(token), b, token));
                    if (best.size() > count) {
                        best.poll();
                    }
                    if (best.size() == count) {
                        least = best.peek().logProbability();
                        floor = floor(least, beam);
                    }
                }
            }
        }
        return best.stream().sorted(Candidate.BEST_FIRST).toList();
    }

    /** The score that a token after a beam must exceed to be likelier than a continuation; perhaps a little less. */
    private static float floor(double logProbability, Beam beam) {
        return Math.nextDown((float) (logProbability - beam.logProbability()));
    }
}
