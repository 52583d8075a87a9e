package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The oracle: beam search in the manner of Hugging Face's {@code _beam_search}, on full tables of scores in which −10⁹
 * stands for what is not there, with the names that it has there.
 */
final class ReferenceBeamSearch {
    private static final double NOT_THERE = -1e9;

    private record Entry(double score, int[] tokens, boolean finished) {}

    private record Candidate(double score, int beam, int token) {}

    private final int vocabulary;
    private final Function<int[], float[]> model;
    private final GenerationConfig config;
    private final Strategy.Beams strategy;

    ReferenceBeamSearch(int vocabulary, Function<int[], float[]> model, GenerationConfig config) {
        this.vocabulary = vocabulary;
        this.model = model;
        this.config = config;
        this.strategy = (Strategy.Beams) config.strategy();
    }

    List<int[]> run() {
        int numBeams = strategy.numBeams();
        List<Entry> running = new ArrayList<>();
        List<Entry> beams = new ArrayList<>();
        for (int i = 0; i < numBeams; i++) {
            running.add(new Entry(i == 0 ? 0 : NOT_THERE, new int[] {0}, false));
            beams.add(new Entry(NOT_THERE, new int[] {0}, false));
        }
        boolean improvementPossible = true;
        boolean openBeam = true;
        boolean validContinuations = true;
        for (int curLen = 0; improvementPossible && openBeam && validContinuations; curLen++) {
            List<Candidate> topK =
                    topK(running, Math.max(2, 1 + config.eosTokenIds().size()) * numBeams);
            boolean[] hits = new boolean[topK.size()];
            List<Entry> topKRunning = new ArrayList<>();
            List<Entry> merged = new ArrayList<>(beams);
            for (int i = 0; i < topK.size(); i++) {
                Candidate candidate = topK.get(i);
                hits[i] = config.eosTokenIds().contains(candidate.token()) || curLen + 1 == config.maxNewTokens();
                int[] tokens = append(running.get(candidate.beam()).tokens(), candidate.token());
                topKRunning.add(new Entry(candidate.score() + (hits[i] ? NOT_THERE : 0), tokens, false));
                boolean justFinished = hits[i] && i < numBeams;
                boolean full =
                        beams.stream().allMatch(Entry::finished) && strategy.earlyStopping() == EarlyStopping.WHEN_FULL;
                double score = candidate.score() / Math.pow(curLen + 1, strategy.lengthPenalty())
                        + (full ? NOT_THERE : 0)
                        + (justFinished ? 0 : NOT_THERE);
                merged.add(new Entry(score, tokens, justFinished));
            }
            running = best(topKRunning, numBeams);
            beams = best(merged, numBeams);
            int length = curLen + 1;
            int hypothetical = strategy.earlyStopping() == EarlyStopping.NEVER && strategy.lengthPenalty() > 0
                    ? config.maxNewTokens()
                    : length;
            double bestRunning = running.getFirst().score() / Math.pow(hypothetical, strategy.lengthPenalty());
            double worst = beams.stream().mapToDouble(Entry::score).min().orElseThrow();
            improvementPossible = beams.stream().anyMatch(beam -> bestRunning > (beam.finished() ? worst : NOT_THERE));
            openBeam =
                    !(beams.stream().allMatch(Entry::finished) && strategy.earlyStopping() == EarlyStopping.WHEN_FULL);
            validContinuations = !IntStream.range(0, hits.length).allMatch(i -> hits[i]);
        }
        return beams.stream()
                .filter(Entry::finished)
                .limit(config.numReturnSequences())
                .map(beam -> said(beam.tokens()))
                .toList();
    }

    private List<Candidate> topK(List<Entry> running, int count) {
        List<Candidate> all = new ArrayList<>();
        for (int b = 0; b < running.size(); b++) {
            int[] tokens = running.get(b).tokens();
            float[] logits = model.apply(tokens);
            double norm = 0;
            for (float logit : logits) {
                norm += Math.exp(logit);
            }
            for (int token = 0; token < vocabulary; token++) {
                boolean said = IntStream.of(said(tokens)).anyMatch(Integer.valueOf(token)::equals);
                double logProbability = (logits[token] - Math.log(norm)) * (said ? config.repetitionPenalty() : 1);
                all.add(new Candidate(running.get(b).score() + logProbability, b, token));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingDouble(Candidate::score).reversed())
                .limit(count)
                .toList();
    }

    private static List<Entry> best(List<Entry> entries, int count) {
        return entries.stream()
                .sorted(Comparator.comparingDouble(Entry::score).reversed())
                .limit(count)
                .toList();
    }

    private int[] said(int[] tokens) {
        boolean ended = config.eosTokenIds().contains(tokens[tokens.length - 1]);
        return Arrays.copyOfRange(tokens, 1, ended ? tokens.length - 1 : tokens.length);
    }

    private static int[] append(int[] tokens, int token) {
        return Stream.of(tokens, new int[] {token}).flatMapToInt(IntStream::of).toArray();
    }
}
