package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.local.CommandLineTest.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plaudit import} of a Llama of one layer. */
class ImportCommandTest {
    private static final String LAYER = "model.layers.0.";

    @TempDir
    Path folder;

    @Test
    void writesTheWeightsBesideTheCheckpointAndSaysWhatServingTakes() throws IOException {
        Path base = checkpoint(0.5f);
        Run run = Run.of("import", base.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(base.toRealPath().resolve("model.int4.safetensors") + """
                        : 1 MiB
                        Serving takes 1 MiB of memory beside the program itself, and 1 MiB for each text of 64 tokens that it writes at once
                        """);
        assertThat(base.resolve("model.int4.safetensors")).isRegularFile();
    }

    @Test
    void mergesAnAdapterIntoAModelThatStandsAlone() throws IOException {
        Path out = folder.resolve("out");
        Run run = Run.of(
                "import",
                checkpoint(0.5f).toString(),
                "--adapter",
                adapter(16).toString(),
                "--precision",
                "int8",
                "--out",
                out.toString(),
                "--json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode imported = run.json();
        assertThat(imported.path("file").asText()).endsWith("out/model.int8.safetensors");
        assertThat(imported.path("bytes").asLong()).isPositive();
        assertThat(imported.path("cacheBytesPerToken").asLong()).isEqualTo(2 * 16 * 4);
        assertThat(imported.path("maxTokens").asInt()).isEqualTo(64);
        assertThat(out.resolve("tokenizer.json")).isRegularFile();
        assertThat(out.resolve("config.json")).isRegularFile();
    }

    @Test
    void singlePrecisionStaysWhereItIs() throws IOException {
        Path base = checkpoint(0.5f);
        assertThat(Run.of("import", base.toString(), "--precision", "fp32").out())
                .isEqualTo(base + " is in single precision already; there is nothing to import\n");
    }

    @Test
    void wrongInputIsOneSentence() throws IOException {
        Run other = Run.of(
                "import", checkpoint(0.5f).toString(), "--adapter", adapter(8).toString());
        assertThat(other.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(other.err()).hasLineCount(1).contains("is no adapter for this base: for model.layers.0.mlp.up_proj");
        Run nan = Run.of("import", checkpoint(Float.NaN).toString());
        assertThat(nan.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(nan.err()).hasLineCount(1).contains("tensor model.layers.0.mlp.up_proj.weight holds NaN");
        Run missing = Run.of("import", folder.resolve("nowhere").toString());
        assertThat(missing.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(missing.err()).hasLineCount(1).contains("nowhere/config.json is missing");
    }

    private Path checkpoint(float value) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "model.embed_tokens", 1, 4, 16);
        put(tensors, LAYER + "input_layernorm", 1, 16);
        for (String matrix : new String[] {"q_proj", "k_proj", "v_proj", "o_proj"}) {
            put(tensors, LAYER + "self_attn." + matrix, 1, 16, 16);
        }
        put(tensors, LAYER + "post_attention_layernorm", 1, 16);
        put(tensors, LAYER + "mlp.gate_proj", 1, 32, 16);
        put(tensors, LAYER + "mlp.up_proj", value, 32, 16);
        put(tensors, LAYER + "mlp.down_proj", 1, 16, 32);
        put(tensors, "model.norm", 1, 16);
        Path base = Files.createDirectories(folder.resolve("base"));
        SafeTensorsWriter.write(base.resolve("model.safetensors"), tensors, DType.F32, Map.of());
        Files.writeString(base.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": 4, "hidden_size": 16, "intermediate_size": 32,
                 "num_hidden_layers": 1, "num_attention_heads": 1, "max_position_embeddings": 64,
                 "tie_word_embeddings": true}""");
        Files.writeString(base.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "warm": 1, "bread": 2, "!": 3}}}""");
        return base;
    }

    private Path adapter(int in) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "base_model.model." + LAYER + "mlp.up_proj.lora_A", 1, 2, in);
        put(tensors, "base_model.model." + LAYER + "mlp.up_proj.lora_B", 1, 32, 2);
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        SafeTensorsWriter.write(adapter.resolve("adapter_model.safetensors"), tensors, DType.F32, Map.of());
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"r\": 2, \"lora_alpha\": 4, \"target_modules\": [\"up_proj\"], \"base_model_name_or_path\": \"x/y\"}");
        return adapter;
    }

    private static void put(SequencedMap<String, Tensor> tensors, String name, float value, long... shape) {
        float[] values = new float[(int) (shape[0] * (shape.length == 1 ? 1 : shape[1]))];
        Arrays.fill(values, value);
        tensors.put(name + ".weight", new Tensor(shape, values));
    }
}
