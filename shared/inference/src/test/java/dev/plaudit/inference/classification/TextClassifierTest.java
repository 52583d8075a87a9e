package dev.plaudit.inference.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.distilbert.DistilBertConfig;
import dev.plaudit.inference.distilbert.DistilBertGraph;
import dev.plaudit.inference.distilbert.RandomDistilBert;
import dev.plaudit.inference.distilbert.ReferenceDistilBert;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextClassifierTest {
    private static final RandomDistilBert SMALL = RandomDistilBert.SMALL;
    private static final String SHORT = "new!";
    private static final List<String> TEXTS = List.of(
            "Our new coffee shop opens today, see you there!",
            SHORT,
            "",
            "The summer sale: 50% likes @ #sale",
            "émoji 😀 and a lone surrogate \ud83d",
            "a post that goes on and on ".repeat(20));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "32, 1, 1, 16, 2, 102, 64",
        "32, 2, 4, 64, 7, 102, 64",
        "48, 3, 3, 40, 1, 102, 16",
        "128, 6, 8, 512, 7, 300, 256",
        "20, 4, 5, 33, 3, 102, 7"
    })
    void agreesWithTheFormulasInDoublePrecision(
            int dim, int layers, int heads, int hidden, int labels, int vocabulary, int positions) {
        RandomDistilBert shape = new RandomDistilBert(dim, layers, heads, hidden, labels, vocabulary, positions);
        shape.write(folder, DType.F32);
        ReferenceDistilBert reference = new ReferenceDistilBert(shape, shape.tensors());
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT);
                TextTokenizer tokenizer = TextTokenizer.open(folder, vocabulary, positions)) {
            List<TextClass> classes = classifier.classify(TEXTS);
            List<long[]> ids = tokenizer.encode(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                ReferenceDistilBert.Output expected = reference.run(ids.get(i));
                assertClose(classes.get(i).logits(), floats(expected.logits()), 1e-4f);
                assertClose(classes.get(i).embedding(), floats(expected.embedding()), 1e-4f);
            }
        }
    }

    @Test
    void aTextGetsTheSameAnswerAloneAndInAnyBatch() {
        SMALL.write(folder, DType.F32);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                many.add(TEXTS.get(i % TEXTS.size()));
            }
            List<TextClass> batch = classifier.classify(many);
            assertThat(batch).hasSize(many.size());
            for (int i = 0; i < many.size(); i++) {
                TextClass alone = classifier.classify(List.of(many.get(i))).getFirst();
                assertClose(batch.get(i).logits(), alone.logits(), 1e-5f);
                assertClose(batch.get(i).embedding(), alone.embedding(), 1e-5f);
            }
        }
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheLogits() {
        SMALL.write(folder, DType.F32);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            TextClass result = classifier.classify(List.of(SHORT)).getFirst();
            double sum = 0;
            for (int i = 0; i < 7; i++) {
                sum += result.probabilities()[i];
                assertThat(Math.log(result.probabilities()[i] / result.probabilities()[0]))
                        .isCloseTo(result.logits()[i] - result.logits()[0], within(1e-4));
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "F64"})
    void otherFloatingPointFilesAnswerAsTheirValuesInSinglePrecision(DType stored) throws IOException {
        Path narrow = SMALL.write(folder.resolve("narrow"), stored);
        Path wide = SMALL.write(folder.resolve("wide"), DType.F32, tensors -> {
            try (SafeTensors rounded = SafeTensors.open(narrow)) {
                tensors.replaceAll((name, tensor) -> new Tensor(tensor.shape(), rounded.floats(name)));
            }
        });
        try (TextClassifier a = TextClassifier.open(narrow, InferenceOptions.DEFAULT);
                TextClassifier b = TextClassifier.open(wide, InferenceOptions.DEFAULT)) {
            assertSame(a.classify(TEXTS), b.classify(TEXTS), 1e-5f);
        }
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.02", "BF16, 0.15"})
    void roundingTheWeightsMovesTheLogitsLittle(DType stored, float bound) {
        Path narrow = SMALL.write(folder.resolve("narrow"), stored);
        Path exact = SMALL.write(folder.resolve("exact"), DType.F32);
        try (TextClassifier a = TextClassifier.open(narrow, InferenceOptions.DEFAULT);
                TextClassifier b = TextClassifier.open(exact, InferenceOptions.DEFAULT)) {
            assertSame(a.classify(TEXTS), b.classify(TEXTS), bound);
        }
    }

    @Test
    void int8MovesTheProbabilitiesLittle() {
        RandomDistilBert shape = new RandomDistilBert(128, 4, 4, 512, 7, 102, 64);
        shape.write(folder, DType.F32);
        try (TextClassifier fp32 = TextClassifier.open(folder, InferenceOptions.DEFAULT);
                TextClassifier int8 =
                        TextClassifier.open(folder, InferenceOptions.DEFAULT.withPrecision(Precision.INT8))) {
            float logits = 0;
            float probabilities = 0;
            List<TextClass> exact = fp32.classify(TEXTS);
            List<TextClass> quantised = int8.classify(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                logits = Math.max(
                        logits, distance(exact.get(i).logits(), quantised.get(i).logits()));
                probabilities = Math.max(
                        probabilities,
                        distance(exact.get(i).probabilities(), quantised.get(i).probabilities()));
            }
            System.out.printf(
                    "int8 against fp32, random weights, 4 layers of 128: logits differ by up to %.4f, probabilities by up to %.4f%n",
                    logits, probabilities);
            assertThat(logits).isGreaterThan(0).isLessThan(0.2f);
            assertThat(probabilities).isLessThan(0.03f);
        }
    }

    @Test
    void shardsAnswerLikeOneFile() throws IOException {
        Path whole = SMALL.write(folder.resolve("whole"), DType.F32);
        Path sharded = SMALL.write(folder.resolve("sharded"), DType.F32);
        Files.delete(sharded.resolve(SafeTensors.FILE));
        StringBuilder map = new StringBuilder();
        SequencedMap<String, Tensor> first = new LinkedHashMap<>();
        SequencedMap<String, Tensor> second = new LinkedHashMap<>();
        SMALL.tensors().forEach((name, tensor) -> {
            boolean head = name.contains("classifier");
            (head ? second : first).put(name, tensor);
            map.append(map.isEmpty() ? "" : ", ")
                    .append('"' + name + "\": \"model-0000" + (head ? 2 : 1) + "-of-00002.safetensors\"");
        });
        SafeTensorsWriter.write(sharded.resolve("model-00001-of-00002.safetensors"), first, DType.F32, Map.of());
        SafeTensorsWriter.write(sharded.resolve("model-00002-of-00002.safetensors"), second, DType.F16, Map.of());
        Files.writeString(sharded.resolve(SafeTensors.INDEX), "{\"weight_map\": {" + map + "}}");
        try (TextClassifier a = TextClassifier.open(whole, InferenceOptions.DEFAULT);
                TextClassifier b = TextClassifier.open(sharded, InferenceOptions.DEFAULT)) {
            assertSame(a.classify(TEXTS), b.classify(TEXTS), 0.01f);
        }
    }

    @Test
    void aFolderOfLinksIntoACacheIsRead() throws IOException {
        Path blobs = SMALL.write(folder.resolve("blobs"), DType.F32);
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        for (String file : List.of(ConfigFile.NAME, TextTokenizer.FILE)) {
            Files.createSymbolicLink(snapshot.resolve(file), blobs.resolve(file));
        }
        Files.move(blobs.resolve(SafeTensors.FILE), blobs.resolve("3f9a"));
        Files.createSymbolicLink(snapshot.resolve(SafeTensors.FILE), Path.of("../blobs/3f9a"));
        try (TextClassifier classifier = TextClassifier.open(snapshot, InferenceOptions.DEFAULT)) {
            assertThat(classifier.classify(List.of(SHORT))).hasSize(1);
        }
    }

    @Test
    void manyThreadsShareOneSession() throws Exception {
        SMALL.write(folder, DType.F32);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT.withThreads(1));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<TextClass> alone = classifier.classify(TEXTS);
            Callable<List<TextClass>> call = () -> classifier.classify(TEXTS);
            List<Callable<List<TextClass>>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                calls.add(call);
            }
            for (Future<List<TextClass>> result : threads.invokeAll(calls)) {
                assertSame(result.get(), alone, 1e-6f);
            }
        }
    }

    @Test
    void aClosedClassifierRefusesToWork() {
        SMALL.write(folder, DType.F32);
        TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT);
        classifier.close();
        classifier.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> classifier.classify(List.of(SHORT)))
                .withMessage("the classifier is closed");
    }

    @Test
    void tellsWhatItIs() {
        SMALL.write(folder, DType.F32);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            assertThat(classifier.labels()).hasSize(7).startsWith("label 0", "label 1");
            assertThat(classifier.embeddingSize()).isEqualTo(32);
            assertThat(classifier.maxTokens()).isEqualTo(64);
            assertThat(classifier.device()).isEqualTo("cpu");
            assertThat(classifier.classify(List.of())).isEmpty();
        }
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT.withMaxTokens(5))) {
            assertThat(classifier.maxTokens()).isEqualTo(5);
            assertSame(
                    classifier.classify(List.of("our new shop opens today")),
                    classifier.classify(List.of("our new shop")),
                    0);
        }
    }

    @ParameterizedTest
    @CsvSource({"model.onnx", "onnx/model.onnx"})
    void anExportedGraphRunsAsItIs(String place) throws IOException {
        Path built = SMALL.write(folder.resolve("built"), DType.F32);
        Path exported = SMALL.write(folder.resolve("exported"), DType.F32);
        Path graph = exported.resolve(place);
        Files.createDirectories(graph.getParent());
        Path weights = Files.move(exported.resolve(SafeTensors.FILE), graph.resolveSibling("weights"));
        try (SafeTensors checkpoint = SafeTensors.open(weights);
                Arena memory = Arena.ofConfined()) {
            DistilBertConfig config = DistilBertConfig.of(ConfigFile.read(exported.resolve(ConfigFile.NAME)));
            Files.write(
                    graph,
                    DistilBertGraph.of(config, checkpoint, Precision.FP32, memory)
                            .graph());
        }
        try (TextClassifier a = TextClassifier.open(built, InferenceOptions.DEFAULT);
                TextClassifier b = TextClassifier.open(exported, InferenceOptions.DEFAULT)) {
            assertSame(a.classify(TEXTS), b.classify(TEXTS), 1e-6f);
        }
    }

    @Test
    void anExportedGraphNeedsNoEmbedding() throws IOException {
        export("input_ids", 2);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            TextClass result = classifier.classify(List.of("")).getFirst();
            assertThat(result.logits()).containsExactly(2, 3);
            assertThat(result.embedding()).isEmpty();
            assertThat(classifier.embeddingSize()).isZero();
        }
    }

    @Test
    void anExportedGraphThatIsNoTextClassifierIsRefused() throws IOException {
        export("pixel_values", 2);
        assertRefused("holds a graph with the input pixel_values, but a text classifier is given input_ids");
        export("input_ids", 3);
        assertRefused("config.json names 2 labels, but the graph has no output logits of that width");
    }

    @Test
    void anExportedGraphSaysHowWideItsEmbeddingIs() throws IOException {
        export("input_ids", 2, Dimension.of("width"));
        assertRefused("holds a graph whose output embedding leaves its width open");
        export("input_ids", 2, Dimension.of(1));
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            assertThat(classifier.embeddingSize()).isEqualTo(1);
            assertThat(classifier.classify(List.of("", "")).getLast().embedding())
                    .containsExactly(2);
        }
    }

    /** A graph whose logits are the first token ids. */
    private void export(String input, int width, Dimension... embedding) throws IOException {
        new RandomDistilBert(32, 1, 1, 16, 2, 102, 64).write(folder, DType.F32);
        Files.delete(folder.resolve(SafeTensors.FILE));
        GraphBuilder graph = new GraphBuilder();
        Value ids = graph.input(input, ElementType.INT64, Dimension.of("batch"), Dimension.of("sequence"));
        Value first = graph.op("Slice", List.of(ids, graph.constant(0), graph.constant(width), graph.constant(1)));
        Value logits = graph.op("Cast", List.of(first), Attribute.of("to", ElementType.FLOAT));
        graph.output("logits", logits, ElementType.FLOAT, Dimension.of("batch"), Dimension.of(width));
        for (Dimension size : embedding) {
            Value one = graph.op("Slice", List.of(logits, graph.constant(0), graph.constant(1), graph.constant(1)));
            graph.output("embedding", one, ElementType.FLOAT, Dimension.of("batch"), size);
        }
        Files.write(folder.resolve("model.onnx"), graph.toByteArray());
    }

    @Test
    void aMissingTensorIsNamed() {
        SMALL.write(folder, DType.F32, tensors -> tensors.remove("pre_classifier.bias"));
        assertRefused("tensor pre_classifier.bias is missing in");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() {
        SMALL.write(
                folder,
                DType.F32,
                tensors -> tensors.put("classifier.weight", new Tensor(new long[] {8, 32}, new float[256])));
        assertRefused("tensor classifier.weight has the shape [8, 32], but the configuration asks for [7, 32]");
    }

    @Test
    void aFileCutOffIsRefused() throws IOException {
        SMALL.write(folder, DType.F32);
        try (FileChannel file = FileChannel.open(folder.resolve(SafeTensors.FILE), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 4);
        }
        assertRefused("is cut off: tensor classifier.bias ends at byte");
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() {
        new RandomDistilBert(32, 1, 1, 16, 2, 60, 64).write(folder, DType.F32);
        assertRefused(
                "the tokenizer does not match the model, it has the token id 101 but the model's vocab_size is 60");
    }

    @Test
    void aTokenizerThatIsNoneIsRefused() throws IOException {
        SMALL.write(folder, DType.F32);
        Files.writeString(folder.resolve(TextTokenizer.FILE), "{\"model\": {\"type\": \"Nothing\"}}");
        assertRefused("tokenizer.json is no tokenizer that can be used");
        Files.delete(folder.resolve(TextTokenizer.FILE));
        assertRefused("tokenizer.json is missing or no valid JSON");
    }

    @Test
    void aFolderWithoutAModelIsRefused() throws IOException {
        assertRefused("config.json is missing or no valid JSON");
        SMALL.write(folder, DType.F32);
        Files.delete(folder.resolve(SafeTensors.FILE));
        assertRefused("holds neither the weights of a DistilBERT nor an exported model.onnx or onnx/model.onnx");
        Files.writeString(folder.resolve("model.onnx"), "no graph");
        assertRefused("holds a model that ONNX Runtime refuses");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dim\": 32 | \"dim\": 33 | dim 33 is no multiple of n_heads 4",
                "\"dim\": 32 | \"width\": 32 | dim must be a whole number of at least 1",
                "\"n_layers\": 2 | \"n_layers\": 0 | n_layers must be a whole number of at least 1",
                "\"gelu\" | \"relu\" | activation relu is not supported, only gelu is",
                "\"0\": | \"9\": | id2label has 7 labels but none for 0"
            })
    void aWrongConfigurationIsRefused(String right, String wrong, String message) throws IOException {
        SMALL.write(folder, DType.F32);
        Path config = folder.resolve(ConfigFile.NAME);
        Files.writeString(config, Files.readString(config).replace(right, wrong));
        assertRefused(message);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() ->
                        TextClassifier.open(folder, InferenceOptions.DEFAULT).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static void assertSame(List<TextClass> actual, List<TextClass> expected, float bound) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertClose(actual.get(i).logits(), expected.get(i).logits(), bound);
            assertClose(actual.get(i).embedding(), expected.get(i).embedding(), bound);
        }
    }

    private static void assertClose(float[] actual, float[] expected, float bound) {
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(distance(actual, expected)).isLessThanOrEqualTo(bound);
    }

    private static float distance(float[] a, float[] b) {
        float distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance = Math.max(distance, Math.abs(a[i] - b[i]));
        }
        return distance;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
