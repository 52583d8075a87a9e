package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.opt.ReferenceOpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionDecoderTest {
    private static final RandomOpt SMALL = RandomOpt.SMALL;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"32, 2, 4, 64, 50", "16, 1, 1, 24, 7", "48, 3, 3, 96, 130", "64, 4, 8, 40, 33"})
    void rowsThatComeMoveAndGoScoreAsTheWholeSequencesInDoublePrecision(
            int hidden, int layers, int heads, int ffn, int vocabulary) {
        RandomOpt shape = new RandomOpt(hidden, layers, heads, ffn, vocabulary, 64);
        ReferenceOpt reference = ReferenceOpt.of(shape);
        Random random = new Random(5);
        List<int[]> rows = new ArrayList<>();
        try (OptModel opt = OptModel.open(shape, folder);
                Decoder decoder = opt.model().decoder(6, 40)) {
            for (int step = 0; step < 60; step++) {
                int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
                if (rows.isEmpty() || rows.size() < 6 && random.nextInt(3) == 0) {
                    int[] prompt =
                            random.ints(1 + random.nextInt(5), 0, vocabulary).toArray();
                    decoder.add(opt.model().prompt(prompt).embeddings());
                    rows.add(prompt);
                } else {
                    int count = longest >= 39 ? 0 : random.nextInt(7);
                    int old = rows.size();
                    int[] parents = random.ints(count, 0, old).toArray();
                    int[] tokens = random.ints(count, 0, vocabulary).toArray();
                    decoder.advance(parents, tokens);
                    List<int[]> next = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        next.add(append(rows.get(parents[i]), tokens[i]));
                    }
                    rows = next;
                }
                float[] logits = decoder.logits();
                assertThat(logits).hasSize(rows.size() * vocabulary);
                for (int row = 0; row < rows.size(); row++) {
                    assertRow(logits, row, reference, rows.get(row));
                }
            }
        }
    }

    @Test
    void aPromptThatBeginsLikeAnotherScoresAsIfItWereAlone() {
        ReferenceOpt reference = ReferenceOpt.of(SMALL);
        int[][] prompts = {{2, 5, 6, 7, 8}, {2, 5, 6, 9, 10, 11}, {2, 5, 6, 7, 8}, {2, 5}, {30}};
        try (OptModel opt = OptModel.open(SMALL, folder);
                Decoder decoder = opt.model().decoder(3, 12)) {
            List<int[]> rows = new ArrayList<>();
            for (int[] prompt : prompts) {
                if (rows.size() == 3) {
                    decoder.advance(new int[] {2}, new int[] {4});
                    rows = new ArrayList<>(List.of(append(rows.get(2), 4)));
                }
                decoder.add(opt.model().prompt(prompt).embeddings());
                rows.add(prompt);
                for (int row = 0; row < rows.size(); row++) {
                    assertRow(decoder.logits(), row, reference, rows.get(row));
                }
            }
        }
    }

    @Test
    void aPromptReadBeforeIsOnlyReadFromWhereItDiffers() {
        RecordingCache cache = new RecordingCache(4, 3);
        SessionDecoder decoder = new SessionDecoder(cache, (token, to, at) -> {}, new CausalShape(1, 2, 1, 2, 3, 20));
        float[] first = {1, 1, 2, 2, 3, 3, 4, 4};
        float[] second = {1, 1, 2, 2, 5, 5};
        decoder.add(first);
        decoder.add(second);
        decoder.advance(new int[0], new int[0]);
        decoder.add(second);
        assertThat(cache.lengths).containsExactly(4, 1, 1);
    }

    @Test
    void aSequenceGoesToTheSlotThatHoldsMostOfIt() {
        RecordingCache cache = new RecordingCache(4, 9);
        SessionDecoder decoder = new SessionDecoder(cache, (token, to, at) -> {}, new CausalShape(1, 2, 1, 2, 9, 20));
        decoder.add(new float[] {1, 1, 2, 2, 3, 3, 4, 4});
        decoder.advance(new int[] {0, 0}, new int[] {1, 2});
        decoder.advance(new int[] {0, 1, 1, 0}, new int[] {3, 4, 5, 6});
        cache.copied.clear();
        decoder.advance(new int[] {0, 0, 1, 1}, new int[] {7, 8, 7, 8});
        assertThat(cache.copied).containsExactly(new KvCache.Copy(0, 3, 5, 6), new KvCache.Copy(1, 2, 5, 6));
    }

    @Test
    void aSlotIsOnlyGivenWhatItDoesNotHold() {
        RecordingCache cache = new RecordingCache(2, 3);
        SessionDecoder decoder = new SessionDecoder(cache, (token, to, at) -> {}, new CausalShape(1, 2, 1, 2, 3, 20));
        decoder.add(new float[] {1, 1, 2, 2, 3, 3, 4, 4});
        decoder.advance(new int[] {0, 0}, new int[] {1, 2});
        decoder.advance(new int[] {0, 1}, new int[] {2, 2});
        decoder.advance(new int[] {0, 0}, new int[] {1, 2});
        decoder.advance(new int[] {0, 0}, new int[] {0, 1});
        assertThat(cache.copied)
                .containsExactly(
                        new KvCache.Copy(0, 1, 0, 4), new KvCache.Copy(0, 1, 4, 6), new KvCache.Copy(0, 1, 6, 7));
    }

    @Test
    void afterAFailureNothingIsTakenForKnown() {
        RecordingCache cache = new RecordingCache(4, 3);
        SessionDecoder decoder = new SessionDecoder(cache, (token, to, at) -> {}, new CausalShape(1, 2, 1, 2, 3, 20));
        float[] prompt = {1, 1, 2, 2, 3, 3, 4, 4};
        decoder.add(prompt);
        cache.failing = true;
        assertThatThrownBy(() -> decoder.advance(new int[2], new int[2])).hasMessage("ONNX Runtime failed");
        cache.failing = false;
        decoder.advance(new int[0], new int[0]);
        decoder.add(prompt);
        assertThat(cache.lengths).containsExactly(4, 4);
        assertThat(decoder.logits()).hasSize(3);
    }

    @Test
    void beamsFindWhatTheyFindInDoublePrecision() {
        ReferenceOpt reference = ReferenceOpt.of(SMALL);
        Function<int[], float[]> model = sequence -> floats(last(reference, sequence));
        try (OptModel opt = OptModel.open(SMALL, folder)) {
            for (int first = 0; first < 10; first++) {
                GenerationConfig config = GenerationConfig.greedy(12, 0, 1, 2)
                        .withStrategy(new Strategy.Beams(5, 1, EarlyStopping.HEURISTIC), 5)
                        .withRepetition(2, 1.2);
                GenerationRequest request = GenerationRequest.of(Prompt.of(new float[] {2, first}), config);
                List<int[]> expected = SequenceDecoder.generate(SMALL.vocabulary(), model, request).stream()
                        .map(Generated::tokens)
                        .toList();
                Prompt prompt = Prompt.of(opt.model().prompt(2, first).embeddings());
                assertThat(tokens(opt.model()
                                .generate(List.of(GenerationRequest.of(prompt, config)))
                                .getFirst()))
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void aPromptIsFollowedByTheSameAloneAndAmongOthers() {
        GenerationConfig greedy = GenerationConfig.greedy(15, 3);
        GenerationConfig beams = greedy.withStrategy(new Strategy.Beams(3, 0.6, EarlyStopping.NEVER), 2);
        GenerationConfig sampling = greedy.withStrategy(new Strategy.Sampling(1.3, 20, 0.95, 0, 4), 3);
        try (OptModel opt = OptModel.open(SMALL, folder)) {
            CausalModel model = opt.model();
            List<GenerationRequest> requests = List.of(
                    GenerationRequest.of(model.prompt(2, 7, 9), greedy),
                    GenerationRequest.of(model.prompt(2), beams),
                    GenerationRequest.of(model.prompt(2, 7, 9, 11, 13, 40), sampling),
                    GenerationRequest.of(model.prompt(2, 7, 9), beams.withMaxNewTokens(4)));
            List<List<Generated>> together = model.generate(requests);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(tokens(together.get(i)))
                        .containsExactlyElementsOf(
                                tokens(model.generate(List.of(requests.get(i))).getFirst()));
            }
        }
    }

    @Test
    void whatIsSaidEndsWithTheModelsPositions() {
        try (OptModel opt = OptModel.open(SMALL, folder)) {
            CausalModel model = opt.model();
            int[] prompt = new int[60];
            GenerationRequest request = GenerationRequest.of(model.prompt(prompt), GenerationConfig.greedy(1000));
            assertThat(tokens(model.generate(List.of(request)).getFirst()))
                    .singleElement()
                    .satisfies(said -> assertThat(said).hasSize(4));
        }
    }

    private static List<int[]> tokens(List<Generated> generated) {
        return generated.stream().map(Generated::tokens).toList();
    }

    private static void assertRow(float[] logits, int row, ReferenceOpt reference, int[] sequence) {
        double[] expected = last(reference, sequence);
        for (int token = 0; token < expected.length; token++) {
            assertThat((double) logits[row * expected.length + token])
                    .as("row %s, token %s", row, token)
                    .isCloseTo(expected[token], within(1e-4));
        }
    }

    private static double[] last(ReferenceOpt reference, int[] sequence) {
        return reference.logits(reference.embeddings(sequence))[sequence.length - 1];
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static int[] append(int[] tokens, int token) {
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = token;
        return longer;
    }

    @Test
    void moreMemoryForALayerThanABufferHoldsIsRefusedAtOnce() {
        try (OptModel opt = OptModel.open(SMALL, folder)) {
            assertThatThrownBy(() -> opt.session().cache(1 << 16, 1 << 12))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("65536 rows of 4096 tokens")
                    .hasMessageContaining("the most is 2 GiB");
        }
    }
}
