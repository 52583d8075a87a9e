package dev.plaudit.regress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.Classification;
import dev.plaudit.events.Embedding;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.trees.TreeModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A damaged copy of the model that ships does not open, and the refusal says in one sentence what is wrong; a whole one
 * scores until it is closed.
 */
class LikesRegressorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void copyTheModelThatShips() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("plaudit.root"), "models/pretrained/likes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private void assertRefused(String... words) {
        assertThatExceptionOfType(TreeModelException.class)
                .isThrownBy(() -> LikesRegressor.open(folder).close())
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(words)
                        .doesNotContain("\n")
                        .endsWith("."));
    }

    private void edit(Consumer<ObjectNode> damage) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
        damage.accept(root);
        JSON.writeValue(file.toFile(), root);
    }

    @Test
    void theCopyOpensAsLongAsItIsWhole() throws IOException {
        edit(root -> {});

        assertThatCode(() -> LikesRegressor.open(folder).close()).doesNotThrowAnyException();
    }

    @Test
    void aModelOfOtherFeaturesIsRefused() throws IOException {
        edit(root -> ((ArrayNode) root.get("features")).set(6, "moon"));

        assertRefused("was trained on the features", "moon", "this program computes");
    }

    @Test
    void aModelOfTheSameFeaturesInAnotherOrderIsRefused() throws IOException {
        edit(root -> {
            ArrayNode features = (ArrayNode) root.get("features");
            features.add(features.remove(0));
        });

        assertRefused("was trained on the features");
    }

    @Test
    void aModelOfOtherBucketsThanTheClassifiersIsRefused() throws IOException {
        edit(root -> {
            ((ObjectNode) root.get("buckets").get(0)).put("high", 50);
            ((ObjectNode) root.get("buckets").get(1)).put("low", 51);
        });
        assertRefused("buckets begin at [0, 51, 101,", "this program's at [0, 11, 101,");

        edit(root -> {
            ((ArrayNode) root.get("buckets")).remove(6);
            ((ObjectNode) root.get("buckets").get(5)).put("high", Integer.MAX_VALUE);
        });
        assertRefused("1001] likes, this program's");
    }

    @Test
    void anEmbeddingSizeThatTheRegressorsDoNotHaveIsRefused() throws IOException {
        edit(root -> root.put("embeddingSize", root.get("embeddingSize").intValue() + 1));

        assertRefused("bucket-1.ubj takes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket-1.ubj", "bucket-4.cbm"})
    void aTruncatedRegressorIsNamed(String name) throws IOException {
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertRefused(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket-1.ubj", "bucket-4.cbm"})
    void aMissingRegressorIsNamed(String name) throws IOException {
        Files.delete(folder.resolve(name));

        assertRefused(folder.resolve(name).toString());
    }

    @Test
    void aConfigurationWithoutAFieldIsRefused() throws IOException {
        edit(root -> root.remove("interval"));

        assertRefused("config.json is damaged", "interval");
    }

    @Test
    void aTruncatedOrMissingConfigurationIsNamed() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, Files.readString(file).substring(0, 500));
        assertRefused("config.json is damaged");

        Files.delete(file);
        assertRefused("has no config.json");
    }

    @Test
    void postsInHandAreScoredBeforeTheEnd() throws Exception {
        LikesRegressor ending = LikesRegressor.open(folder);
        int embeddingSize = JSON.readTree(folder.resolve("config.json").toFile())
                .get("embeddingSize")
                .intValue();
        Simulation post = Simulation.behavior(
                        new Post(null, "Fresh bread", null, null, null, null, null), new Options(true))
                .withClassification(new Classification(
                        LikeBucket.UP_TO_300,
                        Collections.nCopies(LikeBucket.COUNT, 1.0 / LikeBucket.COUNT),
                        LikeLevel.MEDIUM,
                        Embedding.of(new float[embeddingSize]),
                        List.of()));
        Engagement alone = ending.estimate(post);
        CountDownLatch busy = new CountDownLatch(2);
        Callable<Void> caller = () -> {
            while (true) {
                assertThat(ending.estimate(post)).isEqualTo(alone);
                busy.countDown();
            }
        };
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> calls = List.of(callers.submit(caller), callers.submit(caller));
            busy.await();
            ending.close();
            ending.close();
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the likes model is closed"));
        }
    }

    @Test
    void aFolderThatIsNoneIsRefused() throws IOException {
        folder = folder.resolve("config.json");

        assertRefused("is no folder");
    }
}
