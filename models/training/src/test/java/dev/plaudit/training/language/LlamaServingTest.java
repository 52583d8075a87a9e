package dev.plaudit.training.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.training.language.LlamaShape.RopeScaling;
import dev.plaudit.training.language.TokenBatch.Sequence;
import dev.plaudit.training.text.BytePairTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained in PyTorch must say the same where ONNX Runtime serves it. */
class LlamaServingTest {
    private static final LlamaShape TIED = new LlamaShape(
            270, 32, 2, 4, 2, 16, 64, 64, 10_000, Optional.empty(), 1e-5, true, new LlamaShape.Tokens(1, 2, 0));
    private static final LlamaShape LLAMA3 = new LlamaShape(
            270,
            32,
            2,
            4,
            1,
            16,
            48,
            64,
            500,
            Optional.of(new RopeScaling(8, 1, 4, 16)),
            1e-6,
            false,
            new LlamaShape.Tokens(1, 2, 0));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "Oven & Co\nPost:\n";
    private static final String ANSWER = "Warm sourdough from six!";

    @TempDir
    Path folder;

    @BeforeEach
    void tokenizer() throws IOException {
        BytePairTrainer.train(
                List.of(PROMPT, ANSWER, PROMPT),
                270,
                new BytePairTrainer.Specials(List.of("<pad>", "<s>", "</s>"), "<s>", "</s>", "<pad>"),
                folder);
    }

    private static List<float[]> loud(List<float[]> values, double spread) {
        Random random = new Random(8);
        return values.stream()
                .map(array -> {
                    float[] loud = array.clone();
                    IntStream.range(0, loud.length).forEach(i -> loud[i] += (float) (spread * random.nextGaussian()));
                    return loud;
                })
                .toList();
    }

    @Test
    void tiedWeightsAndGroupedQueriesSayTheSame() throws IOException {
        agrees(TIED, LlamaFolder.of(checkpoint(TIED)), Optional.empty(), List.of());
    }

    @Test
    void llama3sLongWavesSayTheSame() throws IOException {
        agrees(LLAMA3, LlamaFolder.of(checkpoint(LLAMA3)), Optional.empty(), List.of());
    }

    /** As Transformers writes them from version 5 on: the base of the wavelengths and its stretching in one object. */
    @Test
    void ropeParametersSayTheSame() throws IOException {
        checkpoint(LLAMA3);
        Path file = folder.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode parameters = (ObjectNode) config.remove("rope_scaling");
        config.set("rope_parameters", parameters.set("rope_theta", config.remove("rope_theta")));
        Files.writeString(file, JSON.writeValueAsString(config));

        assertThat(LlamaShape.read(folder)).isEqualTo(LLAMA3);
        agrees(LlamaShape.read(folder), LlamaFolder.of(folder), Optional.empty(), List.of());
    }

    @Test
    void anAdapterSaysTheSameOnItsBase() throws IOException {
        Path base = checkpoint(TIED);
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        Lora lora = new Lora(4, 6, Set.of("q_proj", "k_proj", "down_proj"));
        List<float[]> learnt = loud(lora.random(TIED, 2), 0.2);
        lora.write(TIED, learnt, base, adapter);
        agrees(TIED, LlamaFolder.of(adapter), Optional.of(lora), learnt);
    }

    private Path checkpoint(LlamaShape shape) throws IOException {
        shape.write(folder);
        LlamaWeights.write(shape, loud(LlamaWeights.random(shape, 1), 0.2), folder);
        return folder;
    }

    private void agrees(LlamaShape shape, LlamaFolder served, Optional<Lora> lora, List<float[]> learnt) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
                Llama llama = new Llama(manager, shape, LlamaWeights.read(shape, folder), 64, lora, learnt);
                TextGenerator generator = TextGenerator.open(served, InferenceOptions.DEFAULT.withThreads(1))) {
            int[] prompt = generator.prompt(PROMPT);
            int[] answer = generator.prompt(ANSWER);
            long[] ids = IntStream.concat(
                            IntStream.of(prompt), IntStream.of(answer).skip(1))
                    .asLongStream()
                    .toArray();
            TokenBatch batch = TokenBatch.of(List.of(new Sequence(ids, prompt.length)), 0);
            double expected = -llama.loss(batch, llama.whole(manager, llama.learning())) * (answer.length - 1);
            assertThat(generator.logProbabilities(prompt, List.of(ANSWER))[0]).isCloseTo(expected, within(1e-3));
        }
    }
}
