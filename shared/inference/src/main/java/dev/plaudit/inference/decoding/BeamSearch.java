package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Beam search as Hugging Face's {@code generate} defines it: from the {@code (1 + ends) · num_beams}, at least twice as
 * many as beams, likeliest continuations the finished ones among the first {@code num_beams} are set aside with the score
 * {@code Σ log p / length^length_penalty}, the end counted in the length, and the best unfinished ones go on. What is
 * unfinished at the last token counts as it stands. Equal scores go to the lower beam, then to the lower token.
 */
record BeamSearch(GenerationConfig config) implements Search {
    /** A continuation. */
    private record Candidate(double score, int beam, int token) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparingDouble(Candidate::score)
                .reversed()
                .thenComparingInt(Candidate::beam)
                .thenComparingInt(Candidate::token);
    }

    private record Beam(double score, List<Integer> said) {
        Beam with(int token, double newScore) {
            List<Integer> longer = new ArrayList<>(said);
            longer.add(token);
            return new Beam(newScore, longer);
        }
    }

    /** The beams of one prompt and what it has finished. */
    private final class Prompt {
        private List<Beam> beams = new ArrayList<>(List.of(new Beam(0, List.of())));
        private final List<Beam> finished = new ArrayList<>();
        private boolean done;

        /** Adds a finished sequence and forgets the worst, if there are more than beams. */
        void finish(Beam beam, int length) {
            double score = beam.score() / Math.pow(length, config.lengthPenalty());
            finished.add(new Beam(score, beam.said()));
            finished.sort(Comparator.comparingDouble(Beam::score).reversed());
            if (finished.size() > config.numBeams()) {
                finished.removeLast();
            }
        }

        /** Whether no beam can or should still do better. */
        boolean isDone(int length) {
            if (finished.size() < config.numBeams()) {
                return false;
            }
            if (config.earlyStopping() == EarlyStopping.WHEN_FULL) {
                return true;
            }
            boolean anyLength = config.earlyStopping() == EarlyStopping.NEVER && config.lengthPenalty() > 0;
            double best = beams.getFirst().score()
                    / Math.pow(anyLength ? config.maxNewTokens() : length, config.lengthPenalty());
            return finished.getLast().score() >= best;
        }
    }

    @Override
    public int rowsPerPrompt() {
        return config.numBeams();
    }

    @Override
    public List<int[]> run(Decoder decoder, int prompts) {
        int width = config.numBeams();
        List<Prompt> searches =
                IntStream.range(0, prompts).mapToObj(i -> new Prompt()).toList();
        List<LogitsProcessor> processors = LogitsProcessor.of(config);
        for (int length = 1; length <= config.maxNewTokens(); length++) {
            float[] scores = decoder.logits();
            int[] parents = IntStream.range(0, prompts * width).toArray();
            int[] tokens = new int[parents.length];
            for (int i = 0; i < prompts; i++) {
                if (!searches.get(i).done) {
                    step(searches.get(i), length, scores, i * width, processors, parents, tokens, decoder.vocabulary());
                }
            }
            if (searches.stream().allMatch(search -> search.done)) {
                break;
            }
            if (length < config.maxNewTokens()) {
                decoder.advance(parents, tokens);
            }
        }
        return searches.stream().map(this::best).toList();
    }

    private int[] best(Prompt search) {
        if (!search.done) {
            search.beams.forEach(beam -> search.finish(beam, beam.said().size()));
        }
        return search.finished.getFirst().said().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void step(
            Prompt search,
            int length,
            float[] scores,
            int firstRow,
            List<LogitsProcessor> processors,
            int[] parents,
            int[] tokens,
            int vocabulary) {
        List<Beam> next = new ArrayList<>();
        int rank = 0;
        for (Candidate candidate : candidates(search, scores, firstRow, processors, vocabulary)) {
            Beam beam = search.beams.get(candidate.beam());
            if (!config.eosTokenIds().contains(candidate.token())) {
                if (next.size() < config.numBeams()) {
                    parents[firstRow + next.size()] = firstRow + candidate.beam();
                    tokens[firstRow + next.size()] = candidate.token();
                    next.add(beam.with(candidate.token(), candidate.score()));
                }
            } else if (rank < config.numBeams()) {
                search.finish(new Beam(candidate.score(), beam.said()), length);
            }
            rank++;
        }
        search.beams = next;
        search.done = next.isEmpty() || search.isDone(length);
    }

    /** The likeliest continuations of a prompt's beams, best first. */
    private List<Candidate> candidates(
            Prompt search, float[] scores, int firstRow, List<LogitsProcessor> processors, int vocabulary) {
        int count = Math.max(2, 1 + config.eosTokenIds().size()) * config.numBeams();
        PriorityQueue<Candidate> best = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
        for (int b = 0; b < search.beams.size(); b++) {
            Beam beam = search.beams.get(b);
            int start = (firstRow + b) * vocabulary;
            logSoftmax(scores, start, vocabulary);
            for (LogitsProcessor processor : processors) {
                processor.apply(beam.said(), scores, start, vocabulary);
            }
            for (int token = 0; token < vocabulary; token++) {
                double score = beam.score() + scores[start + token];
                if (score > Double.NEGATIVE_INFINITY
                        && (best.size() < count || score > best.peek().score())) {
                    best.add(new Candidate(score, b, token));
                    if (best.size() > count) {
                        best.poll();
                    }
                }
            }
        }
        return best.stream().sorted(Candidate.BEST_FIRST).toList();
    }

    private static void logSoftmax(float[] scores, int start, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + count; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = start; i < start + count; i++) {
            sum += Math.exp(scores[i] - max);
        }
        float norm = (float) (max + Math.log(sum));
        for (int i = start; i < start + count; i++) {
            scores[i] -= norm;
        }
    }
}
