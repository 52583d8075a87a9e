package dev.plaudit.inference.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaConfigTest {
    @TempDir
    Path folder;

    @Test
    void whatOlderFilesLeaveOutIsAsHuggingFaceTakesIt() throws IOException {
        LlamaConfig config = read("""
                {"model_type": "llama", "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
                 "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 4096}""");
        assertThat(config.numKeyValueHeads()).isEqualTo(32);
        assertThat(config.headDim()).isEqualTo(128);
        assertThat(config.rope()).isEqualTo(new Rope(10_000, new Rope.None()));
        assertThat(config.rmsNormEps()).isEqualTo(1e-6f);
        assertThat(config.tieWordEmbeddings()).isFalse();
        assertThat(config.causal().cacheBytes(1, 4096)).isEqualTo(2L * 32 * 4096 * 4096 * 4);
    }

    @Test
    void newerFilesCallTheFrequenciesRopeParameters() throws IOException {
        String config = RandomLlama.SMALL.config().replace("\"rope_scaling\": null", """
                "rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 32.0,
                 "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}""");
        assertThat(read(config).rope()).isEqualTo(new Rope(500_000, new Rope.Llama3(32, 1, 4, 8192)));
    }

    @Test
    void theBaseOfTheFrequenciesMayStandBesideRopeParameters() throws IOException {
        String config = RandomLlama.SMALL
                .config()
                .replace("\"rope_scaling\": null", "\"rope_parameters\": {\"rope_type\": \"default\"}")
                .replace("\"rope_theta\": 10000.0", "\"rope_theta\": 500000.0");
        assertThat(read(config).rope()).isEqualTo(new Rope(500_000, new Rope.None()));
    }

    /** The first and the last frequency of Llama 3.2 1B, worked out by hand: kept, and divided by 32. */
    @Test
    void frequenciesOfLlama3() {
        double[] frequencies = new Rope(500_000, new Rope.Llama3(32, 1, 4, 8192)).frequencies(64);
        assertThat(frequencies).hasSize(32);
        assertThat(frequencies[0]).isEqualTo(1);
        assertThat(frequencies[31]).isCloseTo(Math.pow(500_000, -62.0 / 64) / 32, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"llama\" | \"model_type\": \"mistral\" | model_type must be llama, but is mistral",
                "\"silu\" | \"gelu\" | hidden_act must be silu, but is gelu",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | num_attention_heads 4 must be a multiple of num_key_value_heads 3",
                "\"head_dim\": 16 | \"head_dim\": 24 | the width of a head must be a multiple of 16, but is 24",
                "\"rms_norm_eps\": 1e-5 | \"rms_norm_eps\": 0 | rms_norm_eps must be above 0 and below 1",
                "\"rope_scaling\": null | \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2} | rope_scaling must be default, linear or llama3, but is yarn",
                "\"rope_scaling\": null | \"rope_scaling\": {\"type\": \"linear\"} | factor of rope_scaling must be a number above 0",
                "\"rope_theta\": 10000.0 | \"rope_theta\": 0 | rope_theta must be above 1",
                "\"bos_token_id\" | \"quantization_config\": {\"bits\": 4}, \"x\" | quantization_config must be missing"
            })
    void whatIsNotBuiltIsRefusedByName(String from, String to, String message) {
        assertThat(RandomLlama.SMALL.config()).contains(from);
        assertThatThrownBy(() -> read(RandomLlama.SMALL.config().replace(from, to)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json: of a Llama, " + message);
    }

    private LlamaConfig read(String json) throws IOException {
        return LlamaConfig.of(ConfigFile.read(Files.writeString(folder.resolve(ConfigFile.NAME), json)));
    }
}
