package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndependentSearchTest {
    private static final Prompt START = Prompt.of(new float[] {0});

    /** What follows a token: 1 after 0, 2 after 1, ..., and the last again after the last; equals of 3. */
    private static final Function<int[], float[]> CHAIN = sequence -> {
        int last = sequence[sequence.length - 1];
        float[] logits = {0, 0, 0, 0, 0, 0};
        logits[Math.min(last + 1, 5)] = 4;
        if (last == 3) {
            logits[2] = 4;
        }
        return logits;
    };

    @Test
    void greedySearchTakesTheLikeliestAndOfEqualsTheLowest() {
        assertThat(generate(GenerationConfig.greedy(6)).getFirst().tokens()).containsExactly(1, 2, 3, 2, 3, 2);
    }

    @Test
    void aSequenceEndsBeforeItsEndTokenOrAtItsLength() {
        Generated ended = generate(GenerationConfig.greedy(6, 3)).getFirst();
        assertThat(ended.tokens()).containsExactly(1, 2);
        assertThat(ended.ending()).isEqualTo(Ending.TOKEN);
        Generated cut = generate(GenerationConfig.greedy(2, 3)).getFirst();
        assertThat(cut.tokens()).containsExactly(1, 2);
        assertThat(cut.ending()).isEqualTo(Ending.LENGTH);
    }

    @Test
    void aSequenceEndsWhereNoTokenIsPossible() {
        Generated ended =
                generate(GenerationConfig.greedy(20).withRepetition(1, 1)).getFirst();
        assertThat(ended.tokens()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(ended.ending()).isEqualTo(Ending.LENGTH);
    }

    @Test
    void rulesAgainstRepetitionSeeThePromptsTokens() {
        GenerationConfig config = GenerationConfig.greedy(3).withRepetition(1, 1);
        GenerationRequest request = GenerationRequest.of(new Prompt(new float[] {0}, new int[] {1, 2}), config);
        assertThat(SequenceDecoder.generate(6, CHAIN, request).getFirst().tokens())
                .containsExactly(0, 3, 4);
    }

    @Test
    void aStopStringEndsASequenceThoughItBeganTokensAgo() {
        GenerationConfig config = GenerationConfig.greedy(9).withStopStrings(List.of("zz", "cD"));
        Generated stopped = SequenceDecoder.generate(
                        6, CHAIN, GenerationRequest.of(START, config, IndependentSearchTest::text))
                .getFirst();
        assertThat(text(stopped.tokens())).isEqualTo("AbCcDb");
        assertThat(stopped.ending()).isEqualTo(Ending.STOP_STRING);
    }

    @Test
    void beamsEndAtStopStringsToo() {
        GenerationConfig config = GenerationConfig.greedy(9, 0)
                .withStrategy(new Strategy.Beams(3, 1, EarlyStopping.WHEN_FULL), 3)
                .withStopStrings(List.of("bC"));
        List<Generated> found =
                SequenceDecoder.generate(6, CHAIN, GenerationRequest.of(START, config, IndependentSearchTest::text));
        assertThat(found).anySatisfy(generated -> {
            assertThat(text(generated.tokens())).isEqualTo("AbCc");
            assertThat(generated.ending()).isEqualTo(Ending.STOP_STRING);
        });
    }

    @Test
    void drawsTokensByTheirProbabilities() {
        float[] logits = {0, (float) Math.log(2), (float) Math.log(5), Float.NEGATIVE_INFINITY};
        GenerationConfig config = sampling(1, 0, 1, 0, 3, 20_000, 1);
        Map<Integer, Long> counts =
                SequenceDecoder.generate(4, sequence -> logits.clone(), GenerationRequest.of(START, config)).stream()
                        .collect(Collectors.groupingBy(said -> said.tokens()[0], Collectors.counting()));
        assertThat(counts.keySet()).containsExactlyInAnyOrder(0, 1, 2);
        // Four standard deviations of 20,000 draws are below 0.015.
        assertThat(counts.get(0) / 20_000.0).isCloseTo(1 / 8.0, within(0.015));
        assertThat(counts.get(1) / 20_000.0).isCloseTo(2 / 8.0, within(0.015));
        assertThat(counts.get(2) / 20_000.0).isCloseTo(5 / 8.0, within(0.015));
    }

    @Test
    void leavesOutUnlikelyTokensAfterTheTemperatureWasApplied() {
        float[] logits = {0, 1, 2, 3};
        // At temperature 2 the probabilities are 0.101, 0.167, 0.276, 0.455: two of them reach 0.7.
        GenerationConfig config = sampling(2, 3, 0.7, 0, 3, 500, 1);
        assertThat(SequenceDecoder.generate(4, sequence -> logits.clone(), GenerationRequest.of(START, config)))
                .extracting(said -> said.tokens()[0])
                .containsOnly(2, 3);
    }

    @Test
    void theLowestTemperatureSaysTheLikeliest() {
        float[] logits = {0, 1, 3, 2};
        GenerationConfig config = sampling(Float.MIN_VALUE, 3, 0.7, 0, 3, 50, 1);
        assertThat(SequenceDecoder.generate(4, sequence -> logits.clone(), GenerationRequest.of(START, config)))
                .extracting(said -> said.tokens()[0])
                .containsOnly(2);
    }

    @Test
    void theSameSeedSaysTheSameAndAnotherSomethingElse() {
        assertThat(tokens(generate(sampling(3, 0, 1, 0, 7, 4, 30))))
                .containsExactlyElementsOf(tokens(generate(sampling(3, 0, 1, 0, 7, 4, 30))))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(tokens(generate(sampling(3, 0, 1, 0, 8, 4, 30))));
    }

    @Test
    void aSequenceIsTheSameHoweverManyOthersAreDrawn() {
        List<int[]> many = tokens(generate(sampling(3, 0, 1, 0, 7, 5, 30)));
        assertThat(tokens(generate(sampling(3, 0, 1, 0, 7, 2, 30)))).containsExactlyElementsOf(many.subList(0, 2));
    }

    @Test
    void eachTokenIsHeardWhenItIsSaid() {
        Map<Integer, List<Integer>> heard = new HashMap<>();
        GenerationConfig sampling =
                GenerationConfig.greedy(30, 0).withStrategy(new Strategy.Sampling(3, 0, 1, 0, 7), 4);
        GenerationRequest request = GenerationRequest.of(START, sampling)
                .withListener((sequence, token) -> heard.computeIfAbsent(sequence, key -> new ArrayList<>())
                        .add(token));
        List<Generated> said = SequenceDecoder.generate(6, CHAIN, request);
        for (int i = 0; i < said.size(); i++) {
            assertThat(heard.getOrDefault(i, List.of()))
                    .containsExactlyElementsOf(
                            IntStream.of(said.get(i).tokens()).boxed().toList());
        }
    }

    @Test
    void tokensOfBeamsCannotBeHeard() {
        GenerationConfig config =
                GenerationConfig.greedy(5).withStrategy(new Strategy.Beams(2, 1, EarlyStopping.NEVER), 1);
        GenerationRequest request = GenerationRequest.of(START, config);
        assertThatThrownBy(() -> request.withListener((sequence, token) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("num_beams");
    }

    @Test
    void stopStringsNeedText() {
        GenerationConfig config = GenerationConfig.greedy(5).withStopStrings(List.of("."));
        assertThatThrownBy(() -> GenerationRequest.of(START, config)).hasMessageContaining("stop_strings");
    }

    @Test
    void scoringAddsUpTheTokensLogProbabilities() {
        Function<int[], float[]> model = BeamSearchTest.random(3);
        List<int[]> continuations = List.of(new int[] {1}, new int[] {2, 0, 3}, new int[] {2, 1}, new int[] {3, 3, 3});
        Scoring scoring = new Scoring(continuations);
        SequenceDecoder.run(4, model, new float[] {0, 2}, scoring);
        for (int i = 0; i < continuations.size(); i++) {
            int[] sequence = {0, 2};
            double expected = 0;
            for (int token : continuations.get(i)) {
                float[] logits = model.apply(sequence);
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                expected += Math.log(Math.exp(logits[token]) / sum);
                sequence = Arrays.copyOf(sequence, sequence.length + 1);
                sequence[sequence.length - 1] = token;
            }
            assertThat(scoring.logProbabilities()[i]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void whatWasDrawnIsAsLikelyAsScoringItSays() {
        Function<int[], float[]> model = BeamSearchTest.random(5);
        GenerationConfig config = GenerationConfig.greedy(4, 3)
                .withStrategy(new Strategy.Sampling(2, 3, 0.9, 0, 1), 30)
                .withRepetition(2, 1.3);
        for (Generated said : SequenceDecoder.generate(4, model, GenerationRequest.of(START, config))) {
            double expected = 0;
            if (said.tokens().length > 0) {
                Scoring scoring = new Scoring(List.of(said.tokens()));
                SequenceDecoder.run(4, model, START.embeddings(), scoring);
                expected = scoring.logProbabilities()[0];
            }
            assertThat(said.logProbability().getAsDouble()).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void anEmptyContinuationCannotBeScored() {
        assertThatThrownBy(() -> new Scoring(List.of(new int[] {1}, new int[0])))
                .hasMessage("continuation 1 is empty");
    }

    private static List<Generated> generate(GenerationConfig config) {
        return SequenceDecoder.generate(6, CHAIN, GenerationRequest.of(START, config));
    }

    private static GenerationConfig sampling(
            double temperature, int topK, double topP, double minP, long seed, int count, int most) {
        return GenerationConfig.greedy(most)
                .withStrategy(new Strategy.Sampling(temperature, topK, topP, minP, seed), count);
    }

    private static List<int[]> tokens(List<Generated> generated) {
        return generated.stream().map(Generated::tokens).toList();
    }

    private static String text(int[] tokens) {
        String[] pieces = {"?", "Ab", "Cc", "Db", "E", "F"};
        return IntStream.of(tokens).mapToObj(token -> pieces[token]).collect(Collectors.joining());
    }
}
