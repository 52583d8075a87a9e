package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsProcessorTest {
    private static final float NO = Float.NEGATIVE_INFINITY;

    @Test
    void repetitionDividesPositiveAndMultipliesNegativeScoresOnce() {
        assertThat(apply(new LogitsProcessor.RepetitionPenalty(2), new int[] {0, 1, 1, 3}, 3, -1, 5, 0))
                .containsExactly(1.5f, -2, 5, 0);
    }

    @Test
    void noRunOfThreeTokensComesTwice() {
        LogitsProcessor processor = new LogitsProcessor.NoRepeatNgram(3);
        int[] tokens = {1, 2, 3, 0, 1, 2, 0, 4, 1, 2};
        assertThat(apply(processor, tokens, 1, 1, 1, 1, 1)).containsExactly(NO, 1, 1, NO, 1);
        assertThat(apply(processor, new int[] {1, 1}, 1, 1, 1)).containsExactly(1, 1, 1);
        assertThat(apply(processor, new int[] {1, 1, 1}, 1, 1, 1)).containsExactly(1, NO, 1);
        assertThat(apply(processor, new int[] {1}, 1, 1, 1)).containsExactly(1, 1, 1);
    }

    @Test
    void withRunsOfOneNoTokenComesTwice() {
        assertThat(apply(new LogitsProcessor.NoRepeatNgram(1), new int[] {2, 0}, 1, 1, 1))
                .containsExactly(NO, 1, NO);
    }

    @Test
    void noEndComesTooEarly() {
        LogitsProcessor processor = new LogitsProcessor.MinNewTokens(2, Set.of(1, 2, 99));
        assertThat(apply(processor, new int[] {0}, 5, 5, 5)).containsExactly(5, NO, NO);
        assertThat(apply(processor, new int[] {0, 0}, 5, 5, 5)).containsExactly(5, 5, 5);
    }

    @Test
    void newTokensAreCountedFromThePrompt() {
        GenerationConfig config = GenerationConfig.greedy(9, 1).withMinNewTokens(2);
        LogitsProcessor processor = LogitsProcessor.of(config, 3).getFirst();
        assertThat(apply(processor, new int[] {7, 7, 7, 0}, 5, 5)).containsExactly(5, NO);
        assertThat(apply(processor, new int[] {7, 7, 7, 0, 0}, 5, 5)).containsExactly(5, 5);
    }

    @Test
    void temperatureDividesTheDistanceFromTheHighest() {
        assertThat(apply(new LogitsProcessor.Temperature(0.5f), new int[0], 1, -2, NO))
                .containsExactly(0, -6, NO);
    }

    @Test
    void noTemperatureIsTooLowForTheLikeliest() {
        LogitsProcessor lowest = new LogitsProcessor.Temperature(Double.MIN_VALUE);
        assertThat(apply(lowest, new int[0], 1, 3, 3, NO)).containsExactly(NO, 0, 0, NO);
        assertThat(apply(lowest, new int[0], -1, -3)).containsExactly(0, NO);
        assertThat(apply(lowest, new int[0], NO, NO)).containsExactly(NO, NO);
    }

    @Test
    void topKKeepsTheLikeliestAndEqualsOfTheLast() {
        assertThat(apply(new LogitsProcessor.TopK(2), new int[0], 1, 3, 2, 2, 0))
                .containsExactly(NO, 3, 2, 2, NO);
        assertThat(apply(new LogitsProcessor.TopK(9), new int[0], 1, 3)).containsExactly(1, 3);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0.49, 1", "0.51, 2", "0.79, 2", "0.81, 3", "0.94, 3", "0.96, 4", "1, 4"})
    void topPKeepsTheFewestThatReachTheMass(double mass, int kept) {
        float[] scores = apply(new LogitsProcessor.TopP(mass), new int[0], logs(0.05, 0.5, 0.15, 0.3));
        assertThat(possible(scores)).containsExactlyInAnyOrder(Arrays.copyOf(new Integer[] {1, 3, 2, 0}, kept));
    }

    /** Flat distributions and steep ones, with tokens that are equally likely and impossible ones. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 1, 3, 12})
    void topPKeepsWhatAllSortedSays(double spread) {
        Random random = new Random(4);
        for (double mass : new double[] {0, 0.3, 0.9, 0.99, 0.9999}) {
            float[] logits = new float[500];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = random.nextInt(10) == 0 ? NO : (float) (spread * Math.round(8 * random.nextGaussian()) / 8);
            }
            double sum = IntStream.range(0, 500)
                    .mapToDouble(i -> Math.exp(logits[i]))
                    .sum();
            List<Integer> expected = new ArrayList<>();
            double reached = 0;
            for (int token : IntStream.range(0, 500)
                    .boxed()
                    .filter(token -> logits[token] > NO)
                    .sorted(Comparator.comparing(token -> -logits[token]))
                    .toList()) {
                if (expected.isEmpty() || reached < mass) {
                    expected.add(token);
                    reached += Math.exp(logits[token]) / sum;
                }
            }
            float[] kept = apply(new LogitsProcessor.TopP(mass), new int[0], logits.clone());
            assertThat(possible(kept)).as("mass %s", mass).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.05, 4", "0.11, 3", "0.29, 3", "0.31, 2", "0.61, 1", "1, 1"})
    void minPKeepsWhatIsNotMuchLessLikelyThanTheLikeliest(double share, int kept) {
        float[] scores = apply(new LogitsProcessor.MinP(share), new int[0], logs(0.05, 0.5, 0.15, 0.3));
        assertThat(possible(scores)).containsExactlyInAnyOrder(Arrays.copyOf(new Integer[] {1, 3, 2, 0}, kept));
    }

    /** As when all that a sequence might go on with is refused: it ends then. */
    @Test
    void whereNothingIsPossibleNothingBecomesSo() {
        for (LogitsProcessor processor : LogitsProcessor.of(new Strategy.Sampling(0.7, 2, 0.9, 0.1, 0))) {
            assertThat(apply(processor, new int[0], NO, NO, NO))
                    .as(processor.toString())
                    .containsExactly(NO, NO, NO);
        }
    }

    @Test
    void theyComeInHuggingFacesOrder() {
        GenerationConfig config =
                GenerationConfig.greedy(9, 1).withMinNewTokens(1).withRepetition(2, 1.5);
        assertThat(LogitsProcessor.of(config, 0))
                .extracting(processor -> processor.getClass().getSimpleName())
                .containsExactly("RepetitionPenalty", "NoRepeatNgram", "MinNewTokens");
        assertThat(LogitsProcessor.of(new Strategy.Sampling(0.7, 5, 0.9, 0.1, 0)))
                .extracting(processor -> processor.getClass().getSimpleName())
                .containsExactly("Temperature", "TopK", "TopP", "MinP");
        assertThat(LogitsProcessor.of(GenerationConfig.greedy(9), 0)).isEmpty();
        assertThat(LogitsProcessor.of(new Strategy.Sampling(1, 0, 1, 0, 0))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 999, 1000})
    void theHighestScoresAreThoseOfASortedArray(int count) {
        float[] array = new float[1000];
        Random random = new Random(1);
        for (int i = 0; i < array.length; i++) {
            array[i] = random.nextInt(300) - 150;
        }
        float[] sorted = array.clone();
        Arrays.sort(sorted);
        Scores scores = new Scores(array, 0, array.length);
        assertThat(scores.highest(count)).isEqualTo(sorted[array.length - count]);
        int[] order = IntStream.range(0, array.length).toArray();
        scores.sort(order);
        assertThat(order).hasSize(1000).doesNotHaveDuplicates();
        assertThat(IntStream.of(order).mapToObj(scores::get).toList())
                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
    }

    @ParameterizedTest
    @ValueSource(floats = {-1000, 0, 1000})
    void everyStretchHasItsHighestScore(float shift) {
        Random random = new Random(3);
        float[] array = new float[602];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) random.nextGaussian() + shift;
        }
        Arrays.fill(array, 257, 513, NO);
        array[0] = array[601] = Float.POSITIVE_INFINITY;
        Scores scores = new Scores(array, 1, 600);
        assertThat(scores.peaks()).containsExactly(highest(array, 1, 257), NO, highest(array, 513, 601));
        assertThat(scores.max()).isEqualTo(highest(array, 1, 601));
        scores.set(0, Float.POSITIVE_INFINITY);
        assertThat(scores.max()).isEqualTo(Float.POSITIVE_INFINITY);
    }

    private static float highest(float[] array, int from, int to) {
        float[] sorted = Arrays.copyOfRange(array, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length - 1];
    }

    @ParameterizedTest
    @ValueSource(ints = {-500, 0, 500})
    void logSumExpIsTheLogarithmOfTheSum(int shift) {
        Random random = new Random(2);
        for (int size : new int[] {1, 3, 1023, 1024, 1025, 5000}) {
            for (double spread : new double[] {0.1, 3, 20, 1000}) {
                float[] array = new float[size + 2];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (float) (spread * random.nextGaussian() + shift);
                }
                array[1] = NO;
                array[size] = shift + 1;
                double max = new Scores(array, 1, size).max();
                double sum = 0;
                for (int i = 1; i <= size; i++) {
                    sum += Math.exp(array[i] - max);
                }
                assertThat(new Scores(array, 1, size).logSumExp()).isCloseTo(max + Math.log(sum), within(2e-6));
            }
        }
    }

    private static float[] apply(LogitsProcessor processor, int[] tokens, float... scores) {
        float[] array = new float[scores.length + 4];
        Arrays.fill(array, 1234);
        System.arraycopy(scores, 0, array, 2, scores.length);
        processor.apply(tokens, new Scores(array, 2, scores.length));
        assertThat(List.of(array[0], array[1], array[array.length - 2], array[array.length - 1]))
                .containsOnly(1234f);
        return Arrays.copyOfRange(array, 2, 2 + scores.length);
    }

    private static float[] logs(double... probabilities) {
        float[] logs = new float[probabilities.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(probabilities[i]) + 3;
        }
        return logs;
    }

    private static List<Integer> possible(float[] scores) {
        return IntStream.range(0, scores.length)
                .filter(i -> scores[i] > NO)
                .boxed()
                .toList();
    }
}
