package dev.plaudit.training.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.training.Progress;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/** Trains a Llama, or an adapter of one. */
public final class LanguageTraining {
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private LanguageTraining() {}

    /**
     * Trains, and writes a folder in the Hugging Face layout: {@code config.json}, {@code tokenizer.json},
     * {@code tokenizer_config.json} and {@code model.safetensors} of the best round, beside {@code training.json},
     * {@code learning-curve.png} and {@code checkpoint.safetensors}, from which a training that was broken off goes on.
     * Of an adapter, {@code adapter_config.json} and {@code adapter_model.safetensors} take the place of configuration and
     * weights. Of a base's tokenizer everything is kept but its chat template: what is learnt are the instructions as they
     * are, and so are they given when it serves.
     *
     * @param train to learn from
     * @param validation to choose the best round by
     * @param samplePrompts are answered after every round
     * @param samples is told prompts with their answers
     * @param shape of the model; the base's where there is one
     * @param recipe of the instructions and the tokenizer, in words, to be compared when a training goes on
     * @param out holds {@code tokenizer.json} unless there is a base; created if need be
     * @throws IllegalArgumentException if a base has another shape
     * @throws IllegalArgumentException if the checkpoint to resume from was written with other settings
     * @throws IOException when a file cannot be read or written
     */
    public static LanguageHistory train(
            Instructions train,
            Instructions validation,
            List<String> samplePrompts,
            Consumer<String> samples,
            LlamaShape shape,
            Object recipe,
            LanguageTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        if (!options.resume() || !TrainingState.isIn(out)) {
            begin(shape, options, out);
        }
        try (LanguageTrainer trainer =
                new LanguageTrainer(train, validation, samplePrompts, samples, shape, recipe, options, out, progress)) {
            return trainer.run();
        }
    }

    private static void begin(LlamaShape shape, LanguageTrainingOptions options, Path out) throws IOException {
        Files.createDirectories(out);
        if (options.base().isPresent()) {
            takeTokenizer(options.base().get(), out);
        }
        if (options.lora().isEmpty()) {
            shape.write(out);
        }
    }

    private static void takeTokenizer(Path base, Path out) throws IOException {
        Files.copy(
                base.resolve(TextTokenizer.FILE), out.resolve(TextTokenizer.FILE), StandardCopyOption.REPLACE_EXISTING);
        Path config = base.resolve(TOKENIZER_CONFIG);
        ObjectNode plain = Files.exists(config)
                ? ConfigFile.read(config).root().deepCopy()
                : JsonNodeFactory.instance.objectNode();
        plain.remove("chat_template");
        Files.writeString(out.resolve(TOKENIZER_CONFIG), plain.toPrettyString() + "\n");
    }
}
