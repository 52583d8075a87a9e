package dev.plaudit.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A damaged copy of the model that ships does not open, and the refusal says in one sentence what is wrong. */
class BucketClassifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLASSIFIER = "classifier.weight";

    @TempDir
    Path folder;

    @BeforeEach
    void copyTheModelThatShips() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("plaudit.root"), "models/pretrained/bucket"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private static ClassifyConfig config(Path model) {
        return config(model, 32);
    }

    private static ClassifyConfig config(Path model, int maxBatch) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ClassifyConfig.class)
                .withDefaultValue("plaudit.classify.model", model.toString())
                .withDefaultValue("plaudit.classify.max-batch", Integer.toString(maxBatch))
                .build()
                .getConfigMapping(ClassifyConfig.class);
    }

    private void assertRefused(String... words) {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> BucketClassifier.open(config(folder)).close())
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(folder.toString())
                        .contains(words)
                        .doesNotContain("\n")
                        .hasSizeLessThan(400));
    }

    private void rewrite(Consumer<SequencedMap<String, Tensor>> damage) throws IOException {
        rewrite(damage, DType.F16);
    }

    private void rewrite(Consumer<SequencedMap<String, Tensor>> damage, DType as) throws IOException {
        Path file = folder.resolve(SafeTensors.FILE);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        try (SafeTensors whole = SafeTensors.open(file)) {
            for (String name : whole.names()) {
                tensors.put(name, new Tensor(whole.tensor(name).shape(), whole.floats(name)));
            }
        }
        damage.accept(tensors);
        Path damaged = folder.resolve("damaged");
        SafeTensorsWriter.write(damaged, tensors, as, Map.of());
        Files.delete(file);
        Files.move(damaged, file);
    }

    private void edit(String name, Consumer<ObjectNode> damage) throws IOException {
        Path file = folder.resolve(name);
        ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
        damage.accept(root);
        JSON.writeValue(file.toFile(), root);
    }

    @Test
    void theCopyOpensAsLongAsItIsWhole() throws IOException {
        rewrite(tensors -> {});

        try (BucketClassifier classifier = BucketClassifier.open(config(folder))) {
            assertThat(classifier.device()).isEqualTo("cpu");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aModelThatIsNotServedAfterAllIsClosed() throws IOException {
        rewrite(tensors -> {}, DType.F32);
        Path maps = Path.of("/proc/self/maps");

        try (BucketClassifier served = BucketClassifier.open(config(folder))) {
            assertThat(Files.readString(maps)).contains(folder.toString());
        }
        assertThatIllegalArgumentException().isThrownBy(() -> BucketClassifier.open(config(folder, 0)));
        assertThat(Files.readString(maps)).doesNotContain(folder.toString());
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() throws IOException {
        rewrite(tensors -> tensors.get(CLASSIFIER).values()[0] = Float.NaN, DType.F32);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> BucketClassifier.open(config(folder)).close())
                .withMessageStartingWith("the model answers with logits that are no numbers");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        rewrite(tensors -> tensors.remove(CLASSIFIER));

        assertRefused("tensor " + CLASSIFIER + " is missing");
    }

    @Test
    void aTensorOfTheWrongShapeIsNamed() throws IOException {
        rewrite(tensors -> {
            Tensor right = tensors.get(CLASSIFIER);
            tensors.put(CLASSIFIER, new Tensor(new long[] {right.values().length}, right.values()));
        });

        assertRefused("tensor " + CLASSIFIER + " has the shape");
    }

    @Test
    void aTruncatedFileIsSaidToBeCutOff() throws IOException {
        Path file = folder.resolve(SafeTensors.FILE);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertRefused(SafeTensors.FILE, "is cut off");
    }

    @Test
    void aFileThatIsCutInItsHeaderIsSaidToBeCutOff() throws IOException {
        Path file = folder.resolve(SafeTensors.FILE);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));

        assertRefused(SafeTensors.FILE, "is cut off");
    }

    @Test
    void aTokenizerThatDoesNotMatchIsNamed() throws IOException {
        edit("tokenizer.json", root -> root.withObject("/model/vocab").put("zzzz", 900_000));

        assertRefused("tokenizer.json", "the tokenizer does not match the model");
    }

    @Test
    void aTokenizerThatIsNoneIsNamed() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":");
        assertRefused("tokenizer.json");

        Files.delete(folder.resolve("tokenizer.json"));
        assertRefused("tokenizer.json");
    }

    @Test
    void aModelWithAnotherNumberOfLabelsIsRefused() throws IOException {
        rewrite(tensors -> {
            for (String name : new String[] {CLASSIFIER, "classifier.bias"}) {
                Tensor seven = tensors.get(name);
                long[] shape = seven.shape().clone();
                shape[0] = 2;
                tensors.put(name, new Tensor(shape, Arrays.copyOf(seven.values(), seven.values().length * 2 / 7)));
            }
        });
        edit("config.json", root -> root.putObject("id2label").put("0", "bad").put("1", "good"));

        assertRefused("must tell 7 like buckets apart, but has 2 labels");
    }

    @Test
    void labelsThatTheWeightsDoNotHaveAreRefused() throws IOException {
        edit("config.json", root -> root.putObject("id2label").put("0", "bad").put("1", "good"));

        assertRefused("tensor " + CLASSIFIER + " has the shape");
    }

    @Test
    void aConfigurationThatIsNoneOrGoneIsNamed() throws IOException {
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused("config.json is no JSON object");

        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json is missing or no valid JSON");
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        Files.delete(folder.resolve(SafeTensors.FILE));

        assertRefused("holds neither");
    }
}
