package dev.plaudit.training.writer;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.Generated;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.decoding.Prompt;
import dev.plaudit.inference.llama.LlamaConfig;
import dev.plaudit.inference.llama.LlamaGraph;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** A writer's folder as it is served: text in, text out, through the inference that serving runs. */
final class ServedWriter implements AutoCloseable {
    private final SafeTensors checkpoint;
    private final CausalModel model;
    private final TextTokenizer tokenizer;
    private final GenerationConfig generation;

    private ServedWriter(
            SafeTensors checkpoint, CausalModel model, TextTokenizer tokenizer, GenerationConfig generation) {
        this.checkpoint = checkpoint;
        this.model = model;
        this.tokenizer = tokenizer;
        this.generation = generation;
    }

    /**
     * Opens a folder.
     *
     * @throws dev.plaudit.inference.ModelException when it cannot be used, with the reason in one sentence
     */
    static ServedWriter open(Path folder, InferenceOptions options) {
        ConfigFile file = ConfigFile.read(folder.resolve(ConfigFile.NAME));
        LlamaConfig config = LlamaConfig.of(file);
        SafeTensors checkpoint = SafeTensors.open(folder);
        try (Arena memory = Arena.ofConfined()) {
            CausalModel model = CausalModel.open(
                    LlamaGraph.of(config, checkpoint, folder, options.precision(), memory)
                            .model(),
                    config.causal(),
                    checkpoint,
                    LlamaGraph.EMBEDDINGS,
                    options);
            return new ServedWriter(
                    checkpoint,
                    model,
                    TextTokenizer.open(folder, config.vocabSize(), config.maxPositionEmbeddings()),
                    GenerationConfig.of(folder, file));
        }
    }

    /** How the folder wants to be decoded. */
    GenerationConfig generation() {
        return generation;
    }

    /** What the model says after each prompt, the best first. */
    List<String> write(List<String> prompts, GenerationConfig config) {
        List<GenerationRequest> requests = prompts.stream()
                .map(prompt -> GenerationRequest.of(prompt(prompt), config))
                .toList();
        return model.generate(requests).stream()
                .map(List::getFirst)
                .map(Generated::tokens)
                .map(tokens -> tokenizer.decode(tokens).strip())
                .toList();
    }

    /** The logarithm of each answer's probability after a prompt, its end included. */
    double[] logProbabilities(String prompt, List<int[]> answers) {
        return model.logProbabilities(prompt(prompt), answers);
    }

    /** An answer's tokens with the end. */
    int[] answer(String text) {
        int end = generation.eosTokenIds().iterator().next();
        long[] ids = tokenizer.encode(List.of(text)).getFirst();
        return LongStream.concat(Arrays.stream(ids).skip(1), LongStream.of(end))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private Prompt prompt(String text) {
        return model.prompt(Arrays.stream(tokenizer.encode(List.of(text)).getFirst())
                .mapToInt(Math::toIntExact)
                .toArray());
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
        checkpoint.close();
    }
}
