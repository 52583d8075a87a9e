package dev.plaudit.inference.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters of a base of two layers against the sum worked out element by element in double precision. */
class LoraAdapterTest {
    private static final int WIDTH = 12;
    private static final int INNER = 20;
    private static final int RANK = 3;
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final String DOWN = "model.layers.1.mlp.down_proj";

    @TempDir
    Path folder;

    private final SequencedMap<String, Tensor> base = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> adapter = new LinkedHashMap<>();
    private final Random random = new Random(7);

    @BeforeEach
    void fill() {
        base.put("model.embed_tokens.weight", gaussian(30, WIDTH));
        for (int layer = 0; layer < 2; layer++) {
            String block = "model.layers." + layer + ".";
            base.put(block + "self_attn.q_proj.weight", gaussian(WIDTH, WIDTH));
            base.put(block + "mlp.down_proj.weight", gaussian(WIDTH, INNER));
            adapt(block + "self_attn.q_proj", WIDTH, WIDTH, RANK);
            adapt(block + "mlp.down_proj", WIDTH, INNER, RANK);
        }
        base.put("model.norm.weight", gaussian(WIDTH));
        base.put("lm_head.weight", gaussian(30, WIDTH));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"| 8 | 8 / 3", "\"use_rslora\": true, | 8 | 8 / √3", "\"fan_in_fan_out\": true, | 6 | 2"})
    void addsTheScaledProduct(String extra, double alpha, String scale) {
        double factor =
                switch (scale) {
                    case "8 / 3" -> 8.0 / 3;
                    case "8 / √3" -> 8 / Math.sqrt(3);
                    default -> 2;
                };
        try (Checkpoint merged = merge(config(extra == null ? "" : extra, alpha))) {
            assertMerged(merged, QUERY, RANK, factor);
            assertMerged(merged, DOWN, RANK, factor);
            assertThat(merged.isStored(QUERY + ".weight")).isFalse();
            assertThat(merged.isStored("model.norm.weight")).isTrue();
            assertThat(merged.floats("model.norm.weight"))
                    .isEqualTo(base.get("model.norm.weight").values());
        }
    }

    @Test
    void rowsAreThoseOfTheWhole() {
        try (Checkpoint merged = merge(config("", 8))) {
            float[] whole = merged.floats(DOWN + ".weight");
            float[] some = merged.rows(DOWN + ".weight", 5, 4);
            assertThat(some).hasSize(4 * INNER);
            for (int i = 0; i < some.length; i++) {
                assertThat(some[i]).isEqualTo(whole[5 * INNER + i]);
            }
            float[] row = new float[INNER + 1];
            merged.row(DOWN + ".weight", 5, row, 1);
            assertThat(row).endsWith(Arrays.copyOf(some, INNER));
        }
    }

    @Test
    void patternsGiveAModuleItsOwnRankAndAlpha() {
        adapt(QUERY, WIDTH, WIDTH, 5);
        try (Checkpoint merged = merge(config("""
                "rank_pattern": {"layers.0.self_attn.q_proj": 5}, "alpha_pattern": {"down_proj": 9},""", 8))) {
            assertMerged(merged, QUERY, 5, 8.0 / 5);
            assertMerged(merged, DOWN, RANK, 9.0 / 3);
        }
    }

    @Test
    void modulesSavedAsAWholeStandInPlaceOfTheBases() {
        adapter.put("base_model.model.model.embed_tokens.weight", gaussian(30, WIDTH));
        try (Checkpoint merged = merge(config("\"modules_to_save\": [\"embed_tokens\"],", 8))) {
            assertThat(merged.floats("model.embed_tokens.weight"))
                    .isEqualTo(adapter.get("base_model.model.model.embed_tokens.weight")
                            .values());
        }
    }

    @Test
    void onlyTheLayersNamedNeedBeThere() {
        adapter.keySet().removeIf(name -> name.contains("layers.1."));
        try (Checkpoint merged = merge(config("\"layers_to_transform\": [0],", 8))) {
            assertMerged(merged, QUERY, RANK, 8.0 / 3);
            assertThat(merged.isStored(DOWN + ".weight")).isTrue();
        }
    }

    @Test
    void anAdapterHasItsOwnFingerprint() {
        try (Checkpoint merged = merge(config("", 8));
                Checkpoint stronger = merge(config("", 16));
                Checkpoint plain = SafeTensors.open(folder.resolve("base"))) {
            assertThat(merged.fingerprint())
                    .isNotEqualTo(stronger.fingerprint())
                    .isNotEqualTo(plain.fingerprint());
        }
    }

    @Test
    void tellsItsBase() {
        write(config("\"base_model_name_or_path\": \"meta-llama/Llama-2-7b-hf\",", 8));
        assertThat(LoraAdapter.isIn(folder.resolve("adapter"))).isTrue();
        assertThat(LoraAdapter.isIn(folder)).isFalse();
        assertThat(LoraAdapter.read(folder.resolve("adapter")).base()).contains("meta-llama/Llama-2-7b-hf");
    }

    @Test
    void anAdapterForANarrowerBaseIsRefused() {
        adapt(QUERY, WIDTH, WIDTH - 2, RANK);
        assertRefused(
                config("", 8),
                "adapter is no adapter for this base: for " + QUERY
                        + " it has the shapes [12, 3] and [3, 10] at the rank 3, where the base has [12, 12]");
    }

    @Test
    void anAdapterForADeeperBaseIsRefused() {
        adapt("model.layers.2.mlp.down_proj", WIDTH, INNER, RANK);
        assertRefused(
                config("", 8), "it adapts model.layers.2.mlp.down_proj.lora_A.weight, which the base does not have");
    }

    @Test
    void anAdapterForAShallowerBaseIsRefused() {
        adapter.keySet().removeIf(name -> name.contains(DOWN));
        assertRefused(
                config("", 8),
                "adapter_config.json says that it adapts " + DOWN
                        + ", but adapter_model.safetensors has nothing for it");
    }

    @Test
    void aModuleToSaveThatIsMissingIsNamed() {
        assertRefused(config("\"modules_to_save\": [\"lm_head\"],", 8), "says that it adapts lm_head, but");
    }

    @Test
    void aModuleSavedForAnotherVocabularyIsRefused() {
        adapter.put("base_model.model.lm_head.weight", gaussian(31, WIDTH));
        assertRefused(config("", 8), "its own lm_head.weight has the shape [31, 12], where the base has [30, 12]");
    }

    @Test
    void adaptersOfEmbeddingsAreRefused() {
        adapter.put("base_model.model.model.embed_tokens.lora_embedding_A", gaussian(RANK, 30));
        assertRefused(config("", 8), "adapts the embeddings");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\": true, | use_dora is not supported",
                "\"bias\": \"all\", | bias must be none",
                "\"peft_type\": \"IA3\", | peft_type must be LORA",
                "\"init_lora_weights\": \"pissa_niter_4\", | init_lora_weights pissa_niter_4 is not supported",
                "\"layer_replication\": [[0, 1]], | layer_replication is not supported",
                "\"rank_pattern\": {\"q_proj\": 0}, | rank_pattern of q_proj must be a number above 0",
                "\"rank_pattern\": {\"q_(\": 1}, | rank_pattern is no regular expression"
            })
    void whatIsNotBuiltIsRefusedByName(String extra, String message) {
        assertRefused(config(extra, 8), message);
    }

    @ParameterizedTest
    @CsvSource({"all-linear", ".*\\\\.(q_proj|down_proj|lm_head)"})
    void modulesMayBeNamedByAPattern(String pattern) {
        adapter.keySet().removeIf(name -> name.contains(DOWN));
        assertRefused(
                config("", 8).replace("[\"q_proj\", \"down_proj\"]", '"' + pattern + '"'),
                "says that it adapts " + DOWN);
    }

    private void assertMerged(Checkpoint merged, String module, int rank, double scale) {
        double[] weight = doubles(base.get(module + ".weight"));
        double[] a = doubles(adapter.get("base_model.model." + module + ".lora_A.weight"));
        double[] b = doubles(adapter.get("base_model.model." + module + ".lora_B.weight"));
        float[] actual = merged.floats(module + ".weight");
        int in = a.length / rank;
        for (int i = 0; i < weight.length; i++) {
            double expected = weight[i];
            for (int k = 0; k < rank; k++) {
                expected += scale * b[i / in * rank + k] * a[k * in + i % in];
            }
            assertThat((double) actual[i]).isCloseTo(expected, within(1e-5));
        }
    }

    private void assertRefused(String config, String message) {
        assertThatThrownBy(() -> merge(config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private Checkpoint merge(String config) {
        write(config);
        return LoraAdapter.read(folder.resolve("adapter")).on(SafeTensors.open(folder.resolve("base")));
    }

    private void write(String config) {
        try {
            Path own = Files.createDirectories(folder.resolve("adapter"));
            SafeTensorsWriter.write(folder.resolve("base/" + SafeTensors.FILE), base, DType.F32, Map.of());
            SafeTensorsWriter.write(own.resolve(LoraAdapter.WEIGHTS), adapter, DType.F32, Map.of());
            Files.writeString(own.resolve(LoraConfig.FILE), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(String extra, double alpha) {
        return "{" + extra + " \"r\": " + RANK + ", \"lora_alpha\": " + alpha
                + ", \"target_modules\": [\"q_proj\", \"down_proj\"]}";
    }

    private void adapt(String module, int out, int in, int rank) {
        adapter.put("base_model.model." + module + ".lora_A.weight", gaussian(rank, in));
        adapter.put("base_model.model." + module + ".lora_B.weight", gaussian(out, rank));
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[tensor.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.values()[i];
        }
        return values;
    }

    private Tensor gaussian(int... shape) {
        long[] extents = new long[shape.length];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            extents[i] = shape[i];
            count *= shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor(extents, values);
    }
}
