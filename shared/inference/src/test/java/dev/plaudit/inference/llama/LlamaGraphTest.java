package dev.plaudit.inference.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The graph against {@link ReferenceLlama}: a prompt at once, then three tokens, then token by token over the cache. */
class LlamaGraphTest {
    private static final int[] TEXT = {7, 299, 0, 41, 41, 187, 5, 260, 33, 1, 2, 90, 150, 11, 7, 7, 64, 222, 19, 3};
    private static final int PROMPT = 8;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "heads as many as of keys, 4, 4, 64, 16, false, false, false",
        "grouped queries,          4, 2, 64, 16, false, false, false",
        "one head of keys,         6, 1, 96, 16, false, false, false",
        "tied embeddings,          4, 2, 64, 16, true,  false, false",
        "heads wider than hidden,  4, 2, 48, 32, false, false, false",
        "biases of attention,      4, 2, 64, 16, false, true,  false",
        "all biases,               4, 4, 64, 16, true,  true,  true"
    })
    void agreesWithTheFormulasInDoublePrecision(
            String what,
            int heads,
            int keyValueHeads,
            int hidden,
            int head,
            boolean tied,
            boolean attentionBias,
            boolean mlpBias)
            throws Exception {
        RandomLlama shape = new RandomLlama(
                300, hidden, 112, 3, heads, keyValueHeads, head, tied, attentionBias, mlpBias, 10_000, "null");
        assertAgrees(ReferenceLlama.of(shape), shape.write(folder, DType.F32), Precision.FP32, 2e-4);
    }

    @Test
    void theBaseOfTheFrequenciesIsTheConfigurations() throws Exception {
        RandomLlama shape = new RandomLlama(300, 64, 96, 2, 4, 2, 16, false, false, false, 500_000, "null");
        assertAgrees(ReferenceLlama.of(shape), shape.write(folder, DType.F32), Precision.FP32, 2e-4);
    }

    /** Each frequency of a head of 16 worked out from the wavelength's three cases. */
    @Test
    void longContextsAreScaledAsLlama3Does() throws Exception {
        RandomLlama shape = new RandomLlama(300, 64, 96, 2, 4, 2, 16, false, false, false, 100, RandomLlama.LLAMA3);
        double[] frequencies = ReferenceLlama.frequencies(100, 16);
        boolean[] seen = new boolean[3];
        for (int i = 0; i < frequencies.length; i++) {
            double wavelength = 2 * Math.PI / frequencies[i];
            double longest = 16 / 1.0;
            double shortest = 16 / 4.0;
            int which = wavelength < shortest ? 0 : wavelength > longest ? 1 : 2;
            seen[which] = true;
            double smooth = (16 / wavelength - 1) / (4 - 1);
            frequencies[i] = switch (which) {
                case 0 -> frequencies[i];
                case 1 -> frequencies[i] / 8;
                default -> (1 - smooth) * frequencies[i] / 8 + smooth * frequencies[i];
            };
        }
        assertThat(seen[1] && seen[2]).isTrue();
        assertAgrees(
                new ReferenceLlama(shape, shape.tensors(), frequencies),
                shape.write(folder, DType.F32),
                Precision.FP32,
                2e-4);
    }

    @Test
    void linearScalingDividesThePlaces() throws Exception {
        RandomLlama shape = new RandomLlama(
                300, 64, 96, 2, 4, 2, 16, false, false, false, 10_000, "{\"type\": \"linear\", \"factor\": 2.5}");
        double[] frequencies = Arrays.stream(ReferenceLlama.frequencies(10_000, 16))
                .map(frequency -> frequency / 2.5)
                .toArray();
        assertAgrees(
                new ReferenceLlama(shape, shape.tensors(), frequencies),
                shape.write(folder, DType.F32),
                Precision.FP32,
                2e-4);
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "F64"})
    void otherFloatingPointFilesAnswerAsTheirValuesInSinglePrecision(DType stored) throws Exception {
        Path narrow = RandomLlama.SMALL.write(folder, stored);
        assertAgrees(asStored(RandomLlama.SMALL, narrow), narrow, Precision.FP32, 2e-4);
    }

    /** The formulas over what a file holds of the weights. */
    private static ReferenceLlama asStored(RandomLlama shape, Path folder) {
        SequencedMap<String, Tensor> rounded = new LinkedHashMap<>();
        try (SafeTensors checkpoint = SafeTensors.open(folder)) {
            shape.tensors()
                    .forEach((name, tensor) -> rounded.put(name, new Tensor(tensor.shape(), checkpoint.floats(name))));
        }
        return new ReferenceLlama(shape, rounded, ReferenceLlama.of(shape).frequencies());
    }

    /** The products quantise their inputs too, hence the bounds, the wider one where logits are eight times as large; a wrong layout would be off by whole units. */
    @ParameterizedTest
    @CsvSource({
        "INT4, 32, 64, false, 0.12",
        "INT4_64, 64, 64, false, 0.12",
        "INT4_128, 128, 320, false, 0.12",
        "INT4, 32, 64, true, 1"
    })
    void fourBitsAnswerAsTheWeightsTheyStandFor(Precision precision, int block, int hidden, boolean tied, double bound)
            throws Exception {
        RandomLlama shape = new RandomLlama(300, hidden, 96, 2, 4, 2, 16, tied, tied, tied, 10_000, "null");
        shape.write(folder, DType.F32);
        SequencedMap<String, Tensor> rounded = shape.tensors();
        rounded.replaceAll((name, tensor) -> tensor.shape().length == 2 ? rounded(tensor, block) : tensor);
        if (tied) {
            // Tied: the embeddings that are read stay exact, those of the output layer are rounded.
            rounded.put("lm_head.weight", rounded.get(LlamaGraph.EMBEDDINGS));
        }
        rounded.put(LlamaGraph.EMBEDDINGS, shape.tensors().get(LlamaGraph.EMBEDDINGS));
        RandomLlama untied = new RandomLlama(300, hidden, 96, 2, 4, 2, 16, false, tied, tied, 10_000, "null");
        ReferenceLlama reference =
                new ReferenceLlama(untied, rounded, ReferenceLlama.of(shape).frequencies());
        assertAgrees(reference, folder, precision, bound);
        assertThat(folder.resolve("model." + precision.name().toLowerCase() + ".safetensors"))
                .isRegularFile();
        assertAgrees(reference, folder, precision, bound);
    }

    @Test
    void eightBitsMoveTheLogitsLittle() throws Exception {
        assertAgrees(
                ReferenceLlama.of(RandomLlama.SMALL),
                RandomLlama.SMALL.write(folder, DType.BF16),
                Precision.INT8,
                0.25);
    }

    /** On the CPU: ONNX Runtime widens what it has no product for. Of tied embeddings logits are eight times as large. */
    @ParameterizedTest
    @CsvSource({"F16, false, 0.02", "BF16, true, 0.15", "F32, false, 0.02"})
    void halfPrecisionForAGpuMovesTheLogitsLittle(DType stored, boolean tied, double bound) throws Exception {
        RandomLlama shape = new RandomLlama(300, 64, 96, 2, 4, 2, 16, tied, tied, tied, 10_000, "null");
        shape.write(folder, stored);
        try (LlamaStepper model = LlamaStepper.asFor(Device.CUDA, folder, Precision.FP16)) {
            assertAgrees(asStored(shape, folder), model, bound);
        }
    }

    @Test
    void shardsAnswerLikeOneFile() throws Exception {
        RandomLlama.SMALL.write(folder, DType.F32);
        shard(folder);
        assertAgrees(ReferenceLlama.of(RandomLlama.SMALL), folder, Precision.FP32, 2e-4);
    }

    /** Splits the only file of a folder in two. */
    static void shard(Path folder) throws Exception {
        SequencedMap<String, Tensor> first = new LinkedHashMap<>();
        SequencedMap<String, Tensor> second = new LinkedHashMap<>();
        StringBuilder map = new StringBuilder();
        RandomLlama.SMALL.tensors().forEach((name, tensor) -> {
            boolean late = name.contains("layers.1.");
            (late ? second : first).put(name, tensor);
            map.append(map.isEmpty() ? "" : ", ")
                    .append('"' + name + "\": \"model-0000" + (late ? 2 : 1) + "-of-00002.safetensors\"");
        });
        Files.delete(folder.resolve(SafeTensors.FILE));
        SafeTensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"), first, DType.F32, Map.of());
        SafeTensorsWriter.write(folder.resolve("model-00002-of-00002.safetensors"), second, DType.F32, Map.of());
        Files.writeString(folder.resolve(SafeTensors.INDEX), "{\"weight_map\": {" + map + "}}");
    }

    private static void assertAgrees(ReferenceLlama reference, Path folder, Precision precision, double bound)
            throws Exception {
        try (LlamaStepper model = LlamaStepper.open(folder, precision)) {
            assertAgrees(reference, model, bound);
        }
    }

    static void assertAgrees(ReferenceLlama reference, LlamaStepper model, double bound) throws Exception {
        for (int before = 0, length = PROMPT;
                length <= TEXT.length;
                before = length, length += length == PROMPT ? 3 : 1) {
            float[] logits = model.step(Arrays.copyOfRange(TEXT, before, length));
            double[] expected = reference.run(Arrays.copyOf(TEXT, length));
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) logits[i])
                        .as("logit %d after %d tokens", i, length)
                        .isCloseTo(expected[i], within(bound));
            }
        }
    }

    /** What four bits make of a matrix: whole steps from −8 to 7 of an eighth of the block's largest weight. */
    private static Tensor rounded(Tensor matrix, int block) {
        int in = (int) matrix.shape()[1];
        float[] values = matrix.values().clone();
        for (int row = 0; row < values.length; row += in) {
            for (int start = row; start < row + in; start += block) {
                int end = Math.min(start + block, row + in);
                float largest = 0;
                for (int i = start; i < end; i++) {
                    largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
                }
                for (int i = start; i < end; i++) {
                    values[i] = Math.clamp(Math.round(values[i] / (largest / -8)), -8, 7) * (largest / -8);
                }
            }
        }
        return new Tensor(matrix.shape(), values);
    }
}
