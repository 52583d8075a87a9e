package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeamSearchTest {
    private static final int VOCABULARY = 4;
    private static final int END = 3;

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 0.5, 1, 2})
    void beamsForEverySequenceFindTheBestOfAll(double lengthPenalty) {
        for (int seed = 0; seed < 20; seed++) {
            Function<int[], float[]> model = random(seed);
            GenerationConfig config = beams(256, lengthPenalty, EarlyStopping.NEVER, 4, END)
                    .withStrategy(new Strategy.Beams(256, lengthPenalty, EarlyStopping.NEVER), 10);
            assertThat(SequenceDecoder.generate(VOCABULARY, model, config))
                    .containsExactlyElementsOf(
                            exhaustive(model, lengthPenalty, 4, any -> true).limit(10)::iterator);
        }
    }

    @Test
    void whatIsForbiddenNoBeamSays() {
        for (int seed = 0; seed < 20; seed++) {
            Function<int[], float[]> model = random(seed);
            GenerationConfig config = beams(256, 1, EarlyStopping.NEVER, 4, END)
                    .withRepetition(1, 1)
                    .withMinNewTokens(2);
            Predicate<int[]> allowed = sequence -> {
                int[] said = Arrays.copyOfRange(sequence, 1, sequence.length);
                boolean early = said.length <= 2 && said[said.length - 1] == END;
                return !early && Arrays.stream(said).distinct().count() == said.length;
            };
            assertThat(SequenceDecoder.generate(VOCABULARY, model, config))
                    .containsExactly(
                            exhaustive(model, 1, 4, allowed).findFirst().orElseThrow());
        }
    }

    @Test
    void whereNothingIsPossibleTheBeamsEndAsTheyStand() {
        GenerationConfig config = beams(3, 1, EarlyStopping.NEVER, 9).withRepetition(1, 1);
        GenerationRequest request = GenerationRequest.of(Prompt.of(new float[] {0}), config);
        Generated generated =
                SequenceDecoder.generate(VOCABULARY, random(1), request).getFirst();
        assertThat(generated.tokens()).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(generated.ending()).isEqualTo(Generated.Ending.LENGTH);
    }

    @Test
    void fewBeamsFindWhatHuggingFacesTensorsFind() {
        Random random = new Random(7);
        for (int seed = 0; seed < 2000; seed++) {
            Function<int[], float[]> model = random(seed);
            int width = 1 + random.nextInt(4);
            int count = 1 + random.nextInt(width);
            Strategy.Beams strategy = new Strategy.Beams(
                    width,
                    List.of(-1.0, 0.0, 0.7, 1.0, 2.0).get(random.nextInt(5)),
                    EarlyStopping.values()[random.nextInt(3)]);
            Set<Integer> ends =
                    List.of(Set.<Integer>of(), Set.of(3), Set.of(2, 3)).get(random.nextInt(3));
            GenerationConfig config =
                    new GenerationConfig(ends, 1 + random.nextInt(6), 0, strategy, count, 0, 1, List.of());
            List<int[]> expected = new ReferenceBeamSearch(VOCABULARY, model, config).run();
            assertThat(SequenceDecoder.generate(VOCABULARY, model, config))
                    .as("seed %s, %s", seed, config)
                    .containsExactlyElementsOf(expected);
        }
    }

    /** So many tokens that the search passes over most, and said ones become likelier, or less likely, or neither. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 1.5})
    void ofManyTokensTheLikeliestAreFound(double repetitionPenalty) {
        int vocabulary = 1000;
        for (int seed = 0; seed < 50; seed++) {
            Function<int[], float[]> model = random(seed, vocabulary);
            GenerationConfig config =
                    beams(1 + seed % 5, 1, EarlyStopping.NEVER, 6).withRepetition(0, repetitionPenalty);
            assertThat(SequenceDecoder.generate(vocabulary, model, config))
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(new ReferenceBeamSearch(vocabulary, model, config).run());
        }
    }

    @Test
    void eachWayToStopEarlyFindsSomethingElse() {
        int differ = 0;
        for (int seed = 0; seed < 200; seed++) {
            Set<List<Integer>> results = new HashSet<>();
            for (EarlyStopping stopping : EarlyStopping.values()) {
                int[] tokens = SequenceDecoder.generate(VOCABULARY, random(seed), beams(2, 2, stopping, 6, END))
                        .getFirst();
                results.add(IntStream.of(tokens).boxed().toList());
            }
            differ += results.size() == 3 ? 1 : 0;
        }
        assertThat(differ).isPositive();
    }

    private static GenerationConfig beams(
            int width, double lengthPenalty, EarlyStopping stopping, int most, Integer... ends) {
        return GenerationConfig.greedy(most, ends).withStrategy(new Strategy.Beams(width, lengthPenalty, stopping), 1);
    }

    /** Logits that hang on the whole sequence. */
    static Function<int[], float[]> random(int seed) {
        return random(seed, VOCABULARY);
    }

    private static Function<int[], float[]> random(int seed, int vocabulary) {
        return sequence -> {
            Random random = new Random(31L * seed + Arrays.hashCode(sequence));
            random.nextInt();
            float[] logits = new float[vocabulary];
            for (int i = 0; i < vocabulary; i++) {
                logits[i] = (float) (1.5 * random.nextGaussian());
            }
            return logits;
        };
    }

    private record Scored(double score, int[] tokens) {}

    /** Every sequence to the end token or the length, the best first. */
    private static Stream<int[]> exhaustive(
            Function<int[], float[]> model, double lengthPenalty, int most, Predicate<int[]> allowed) {
        List<Scored> all = new ArrayList<>();
        extend(model, new int[] {0}, 0, lengthPenalty, most, allowed, all);
        return all.stream()
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .map(Scored::tokens);
    }

    private static void extend(
            Function<int[], float[]> model,
            int[] sequence,
            double logProbability,
            double lengthPenalty,
            int most,
            Predicate<int[]> allowed,
            List<Scored> all) {
        float[] logits = model.apply(sequence);
        double norm = 0;
        for (float logit : logits) {
            norm += Math.exp(logit);
        }
        int length = sequence.length;
        for (int token = 0; token < VOCABULARY; token++) {
            double sum = logProbability + logits[token] - Math.log(norm);
            int[] longer = Arrays.copyOf(sequence, length + 1);
            longer[length] = token;
            if (!allowed.test(longer)) {
                continue;
            }
            if (token == END || length == most) {
                int[] said = Arrays.copyOfRange(longer, 1, token == END ? length : length + 1);
                all.add(new Scored(sum / Math.pow(length, lengthPenalty), said));
            } else {
                extend(model, longer, sum, lengthPenalty, most, allowed, all);
            }
        }
    }
}
