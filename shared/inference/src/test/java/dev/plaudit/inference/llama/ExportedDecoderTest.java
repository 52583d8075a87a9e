package dev.plaudit.inference.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.EarlyStopping;
import dev.plaudit.inference.decoding.Generated;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.safetensors.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoders in the layout of Optimum and Transformers.js, run by the same decoding as weights. */
class ExportedDecoderTest {
    private static final InferenceOptions OPTIONS = InferenceOptions.DEFAULT.withThreads(1);
    private static final String PROMPT = "Warm bread";

    @TempDir
    Path folder;

    @Test
    void scoresAsTheFormulas() throws IOException {
        try (TextGenerator generator = open(ExportedLlama.write(folder, TextModel.SHAPE))) {
            int[] prompt = generator.prompt(PROMPT);
            ReferenceLlama reference = ReferenceLlama.of(TextModel.SHAPE);
            double[] actual = generator.logProbabilities(prompt, List.of("a", " more", "!!"));
            assertThat(actual[0]).isCloseTo(TextGeneratorTest.logProbability(reference, prompt, "a"), within(1e-3));
            assertThat(actual[1]).isCloseTo(TextGeneratorTest.logProbability(reference, prompt, " more"), within(1e-3));
            assertThat(actual[2]).isCloseTo(TextGeneratorTest.logProbability(reference, prompt, "!!"), within(1e-3));
        }
    }

    @Test
    void everySearchSaysTheSameAsOverWeights() throws IOException {
        Path weights = TextModel.write(folder.resolve("weights"), DType.F32);
        Path exported = ExportedLlama.write(folder.resolve("exported"), TextModel.SHAPE);
        GenerationConfig greedy = GenerationConfig.greedy(12);
        try (TextGenerator a = open(weights);
                TextGenerator b = open(exported)) {
            for (GenerationConfig config : List.of(
                    greedy,
                    greedy.withStrategy(new Strategy.Beams(4, 1, EarlyStopping.WHEN_FULL), 3),
                    greedy.withStrategy(new Strategy.Sampling(1, 0, 1, 0, 11), 3))) {
                assertThat(b.generate(b.prompt(PROMPT), config))
                        .usingRecursiveComparison()
                        .ignoringFieldsOfTypes(OptionalDouble.class)
                        .isEqualTo(a.generate(a.prompt(PROMPT), config));
            }
            assertThat(b.contextLength()).isEqualTo(RandomLlama.POSITIONS);
        }
    }

    @Test
    void noMoreTokensThanTheOptionsLetIt() throws IOException {
        LlamaFolder exported = LlamaFolder.of(ExportedLlama.write(folder, TextModel.SHAPE));
        try (TextGenerator generator = TextGenerator.open(exported, OPTIONS.withMaxTokens(20))) {
            assertThat(generator.contextLength()).isEqualTo(20);
        }
    }

    @Test
    void promptsOfSeveralLengthsAnswerAsAlone() throws IOException {
        Path file = ExportedLlama.write(folder, TextModel.SHAPE).resolve("onnx/model.onnx");
        try (CausalModel model = CausalModel.openExported(
                ExportedDecoder.read(file), TextModel.SHAPE.vocabulary(), RandomLlama.POSITIONS, OPTIONS)) {
            List<GenerationRequest> requests =
                    List.of(request(model, 9, 8, 7), request(model, 50), request(model, 3, 4, 5));
            List<List<Generated>> together = model.generate(requests);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(together.get(i).getFirst().tokens())
                        .hasSize(8)
                        .isEqualTo(model.generate(List.of(requests.get(i)))
                                .getFirst()
                                .getFirst()
                                .tokens());
            }
        }
    }

    private static GenerationRequest request(CausalModel model, int... prompt) {
        return GenerationRequest.of(model.prompt(prompt), GenerationConfig.greedy(8));
    }

    @Test
    void eachPrecisionHasItsFile() throws IOException {
        ExportedLlama.write(folder, TextModel.SHAPE);
        assertThatThrownBy(() -> TextGenerator.open(LlamaFolder.of(folder), OPTIONS.withPrecision(Precision.INT4)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds neither model.safetensors nor");
        Files.move(folder.resolve("onnx/model.onnx"), folder.resolve("onnx/model_q4.onnx"));
        try (TextGenerator generator =
                TextGenerator.open(LlamaFolder.of(folder), OPTIONS.withPrecision(Precision.INT4))) {
            assertThat(generator.generate(generator.prompt(PROMPT), GenerationConfig.greedy(2)))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pixel_values, past_key_values.0.key, present.0.key, 262, has no input past_key_values.0.key",
        "input_ids, past_key_values.0.key, both, 262, has no input past_key_values.0.value",
        "pixels, both, both, 262, 'has the input pixels, which is not known here'",
        "input_ids, both, none, 262, has no output present.0.key",
        "input_ids, both, both, 99, has logits of another width than vocab_size 262"
    })
    void anotherLayoutIsRefusedByName(String input, String past, String present, int width, String message)
            throws IOException {
        ExportedLlama.write(folder, TextModel.SHAPE);
        GraphBuilder graph = new GraphBuilder();
        Dimension[] cache = {Dimension.of("b"), Dimension.of(2), Dimension.of("p"), Dimension.of(16)};
        graph.input(input, ElementType.INT64, Dimension.of("b"), Dimension.of("s"));
        for (String part : List.of("key", "value")) {
            String name = "past_key_values.0." + part;
            if (!input.equals("pixel_values") && (past.equals("both") || past.equals(name))) {
                Value value = graph.input(name, ElementType.FLOAT, cache);
                if (present.equals("both")) {
                    graph.output("present.0." + part, value, ElementType.FLOAT, cache);
                }
            }
        }
        Value some = graph.input(
                "attention_mask", ElementType.INT64, Dimension.of("b"), Dimension.of("s"), Dimension.of(width));
        Value logits = graph.op("Cast", List.of(some), Attribute.of("to", ElementType.FLOAT));
        graph.output("logits", logits, ElementType.FLOAT, Dimension.of("b"), Dimension.of("s"), Dimension.of(width));
        Files.write(folder.resolve("onnx/model.onnx"), graph.toByteArray());
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("holds an exported decoder that " + message
                        + (message.endsWith("0.key") && input.equals("pixel_values")
                                ? ", so it is no decoder with a cache"
                                : ""));
    }

    private static TextGenerator open(Path folder) {
        return TextGenerator.open(LlamaFolder.of(folder), OPTIONS);
    }
}
