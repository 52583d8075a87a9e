package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
    @TempDir
    Path folder;

    @Test
    void readsBeamSearch() {
        assertThat(read("""
                {"eos_token_id": [2, 50118], "max_new_tokens": 30, "min_new_tokens": 3, "num_beams": 5, "length_penalty": -1,
                 "early_stopping": "never", "num_return_sequences": 2, "no_repeat_ngram_size": 2,
                 "repetition_penalty": 1.5, "stop_strings": "###", "temperature": 0, "typical_p": 1.0, "pad_token_id": 1}
                """))
                .isEqualTo(new GenerationConfig(
                        Set.of(2, 50118),
                        30,
                        3,
                        new Strategy.Beams(5, -1, EarlyStopping.NEVER),
                        2,
                        2,
                        1.5,
                        List.of("###")));
    }

    @Test
    void readsSampling() {
        assertThat(read("""
                {"do_sample": true, "temperature": 0.6, "top_p": 0.9, "min_p": 0.05, "num_return_sequences": 4,
                 "renormalize_logits": false}
                """).strategy()).isEqualTo(new Strategy.Sampling(0.6, 50, 0.9, 0.05, 0));
    }

    @Test
    void whatIsNotSaidIsAsInHuggingFace() {
        assertThat(read("{}"))
                .isEqualTo(new GenerationConfig(Set.of(7), 20, 0, new Strategy.Greedy(), 1, 0, 1, List.of()));
        assertThat(read("{\"num_beams\": 2}").strategy()).isEqualTo(new Strategy.Beams(2, 1, EarlyStopping.HEURISTIC));
        assertThat(read("{\"num_beams\": 2, \"early_stopping\": true}").strategy())
                .isEqualTo(new Strategy.Beams(2, 1, EarlyStopping.WHEN_FULL));
    }

    @Test
    void withoutTheFileTheModelsConfigurationHolds() {
        ConfigFile model = file("config.json", "{\"eos_token_id\": 9, \"max_length\": 12, \"num_beams\": 3}");
        assertThat(GenerationConfig.of(folder, model))
                .isEqualTo(new GenerationConfig(
                        Set.of(9), 12, 0, new Strategy.Beams(3, 1, EarlyStopping.HEURISTIC), 1, 0, 1, List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"max_new_tokens\": 0} | max_new_tokens must be from 1 to 131072, but is 0",
                "{\"max_new_tokens\": 1000000} | max_new_tokens must be from 1 to 131072, but is 1000000",
                "{\"max_new_tokens\": -1} | max_new_tokens must be a whole number of at least 0",
                "{\"max_new_tokens\": 1.5} | max_new_tokens must be a whole number of at least 0",
                "{\"max_new_tokens\": 5, \"min_new_tokens\": 6} | min_new_tokens 6 is more than max_new_tokens 5",
                "{\"num_beams\": 0} | num_beams must be at least 1, but is 0",
                "{\"num_beams\": 2, \"num_return_sequences\": 3} | num_return_sequences 3 is more than num_beams 2",
                "{\"num_return_sequences\": 3} | num_return_sequences must be 1 of greedy search, but is 3",
                "{\"num_return_sequences\": 0} | num_return_sequences must be at least 1, but is 0",
                "{\"num_beams\": 2, \"do_sample\": true} | num_beams 2 with do_sample, sampled beams, is not offered",
                "{\"num_beams\": 2, \"early_stopping\": \"soon\"} | early_stopping must be true, false or \"never\"",
                "{\"num_beams\": 2, \"length_penalty\": \"long\"} | length_penalty must be a number",
                "{\"do_sample\": true, \"temperature\": 0} | temperature must be a positive number, but is 0.0",
                "{\"do_sample\": true, \"temperature\": -1} | temperature must be a positive number, but is -1.0",
                "{\"do_sample\": true, \"top_p\": 1.1} | top_p must be from 0 to 1, but is 1.1",
                "{\"do_sample\": true, \"min_p\": -0.1} | min_p must be from 0 to 1, but is -0.1",
                "{\"do_sample\": true, \"top_k\": -1} | top_k must be a whole number of at least 0",
                "{\"do_sample\": \"yes\"} | do_sample must be true or false",
                "{\"repetition_penalty\": 0} | repetition_penalty must be a positive number, but is 0.0",
                "{\"no_repeat_ngram_size\": -2} | no_repeat_ngram_size must be a whole number of at least 0",
                "{\"eos_token_id\": \"</s>\"} | eos_token_id must be a token or a list of tokens",
                "{\"eos_token_id\": [-1]} | eos_token_id must be a token or a list of tokens",
                "{\"stop_strings\": [\"\"]} | stop_strings[0] must be of 1 to 256 characters, but has 0",
                "{\"stop_strings\": [1]} | stop_strings must be a text or a list of texts",
                "{\"typical_p\": 0.9} | typical_p is not offered",
                "{\"bad_words_ids\": [[1]]} | bad_words_ids is not offered",
                "{\"guidance_scale\": 1.5} | guidance_scale is not offered",
                "{\"encoder_repetition_penalty\": 1.2} | encoder_repetition_penalty is not offered",
                "{\"encoder_no_repeat_ngram_size\": 3} | encoder_no_repeat_ngram_size is not offered",
                "{\"exponential_decay_length_penalty\": [5, 1.1]} | exponential_decay_length_penalty is not offered",
                "{\"forced_decoder_ids\": [[1, 2]]} | forced_decoder_ids is not offered",
                "{\"watermarking_config\": {}} | watermarking_config is not offered",
                "{\"dola_layers\": \"high\"} | dola_layers is not offered",
                "{\"num_beams\": 2, \"renormalize_logits\": true} | renormalize_logits is not offered",
                "{\"token_healing\": true} | token_healing is not offered",
                "{\"max_time\": 2.5} | max_time is not offered",
                "{\"do_sample\": true, \"top_h\": 0.4} | top_h is not offered",
            })
    void refusesByNameWhatCannotBe(String json, String rule) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(GenerationConfig.FILE)
                .hasMessageContaining(rule);
    }

    @Test
    void refusesALongStopStringAndNumbersThatAreNone() {
        GenerationConfig greedy = GenerationConfig.greedy(5);
        assertThatThrownBy(() -> greedy.withStopStrings(List.of("###", "x".repeat(10_240))))
                .hasMessage("stop_strings[1] must be of 1 to 256 characters, but has 10240");
        assertThatThrownBy(() -> new Strategy.Sampling(Double.NaN, 0, 1, 0, 0))
                .hasMessageContaining("temperature must be a positive number, but is NaN");
        assertThatThrownBy(() -> new Strategy.Sampling(1, 0, Double.NaN, 0, 0)).hasMessageContaining("top_p");
        assertThatThrownBy(() -> new Strategy.Beams(2, Double.NaN, EarlyStopping.NEVER))
                .hasMessageContaining("length_penalty must be a finite number, but is NaN");
        assertThatThrownBy(() -> greedy.withRepetition(0, Double.POSITIVE_INFINITY))
                .hasMessageContaining("repetition_penalty");
    }

    private GenerationConfig read(String json) {
        file(GenerationConfig.FILE, json);
        return GenerationConfig.of(folder, file("config.json", "{\"eos_token_id\": 7, \"num_beams\": 3}"));
    }

    private ConfigFile file(String name, String json) {
        try {
            return ConfigFile.read(Files.writeString(folder.resolve(name), json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
