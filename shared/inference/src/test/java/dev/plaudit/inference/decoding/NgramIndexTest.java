package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NgramIndexTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ngrams");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void knowsWhatFollowsEachBeginningAndNothingElse(int size) throws IOException {
        List<int[]> texts = texts(1, 60);
        Set<List<Integer>> runs = new HashSet<>();
        for (int[] text : texts) {
            for (int i = 0; i + size <= text.length; i++) {
                runs.add(IntStream.range(i, i + size).mapToObj(j -> text[j]).toList());
            }
        }
        assertThat(NgramIndex.write(file, size, texts)).isEqualTo(runs.size());
        try (NgramIndex index = NgramIndex.open(file)) {
            assertThat(index.size()).isEqualTo(size);
            for (int[] tokens : texts(2, 500)) {
                List<Integer> found = new ArrayList<>();
                index.continuations(tokens, found::add);
                List<Integer> expected = IntStream.range(0, 9)
                        .filter(next -> {
                            int[] all = IntStream.concat(IntStream.of(tokens), IntStream.of(next))
                                    .toArray();
                            return all.length >= size
                                    && runs.contains(
                                            IntStream.of(Arrays.copyOfRange(all, all.length - size, all.length))
                                                    .boxed()
                                                    .toList());
                        })
                        .boxed()
                        .toList();
                assertThat(found).containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void oneThatIsReplacedInUseGoesOn() throws IOException {
        NgramIndex.write(file, 2, List.of(new int[] {1, 2}, new int[] {3, 4}));
        try (NgramIndex index = NgramIndex.open(file)) {
            NgramIndex.write(file, 2, List.of(new int[] {1, 7}));
            assertThat(continuations(index)).containsExactly(2);
        }
        try (NgramIndex index = NgramIndex.open(file)) {
            assertThat(continuations(index)).containsExactly(7);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private static List<Integer> continuations(NgramIndex index) {
        List<Integer> found = new ArrayList<>();
        index.continuations(new int[] {1}, found::add);
        return found;
    }

    @Test
    void noRunOfTheIndexIsSaid() throws IOException {
        Function<int[], float[]> model = BeamSearchTest.random(5);
        GenerationConfig config = GenerationConfig.greedy(12);
        int[] free = SequenceDecoder.generate(4, model, config).getFirst();
        NgramIndex.write(file, 3, List.of(free));
        try (NgramIndex index = NgramIndex.open(file)) {
            for (Strategy strategy : List.of(
                    new Strategy.Greedy(),
                    new Strategy.Sampling(1, 0, 1, 0, 0),
                    new Strategy.Beams(3, 1, EarlyStopping.NEVER))) {
                GenerationRequest request = GenerationRequest.of(
                                Prompt.of(new float[] {0}), config.withStrategy(strategy, 1))
                        .withForbidden(index);
                int[] said =
                        SequenceDecoder.generate(4, model, request).getFirst().tokens();
                assertThat(runs(said)).hasSize(10).doesNotContainAnyElementsOf(runs(free));
            }
        }
    }

    @Test
    void textsThatAreTooShortGiveAnEmptyIndex() throws IOException {
        assertThat(NgramIndex.write(file, 3, List.of(new int[0], new int[] {1, 2})))
                .isZero();
        try (NgramIndex index = NgramIndex.open(file)) {
            index.continuations(new int[] {1, 2}, token -> assertThat(token).isNull());
        }
    }

    @Test
    void refusesWhatIsNoIndex() throws IOException {
        assertThatThrownBy(() -> NgramIndex.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cannot be read");
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> NgramIndex.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is no index of n-grams");
        NgramIndex.write(file, 2, texts(1, 5));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 1));
        assertThatThrownBy(() -> NgramIndex.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is damaged");
    }

    private static List<int[]> texts(int seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(random.nextInt(12), 0, 9).toArray())
                .toList();
    }

    private static List<List<Integer>> runs(int[] tokens) {
        return IntStream.range(0, tokens.length - 2)
                .mapToObj(i -> List.of(tokens[i], tokens[i + 1], tokens[i + 2]))
                .toList();
    }
}
