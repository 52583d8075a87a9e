package dev.plaudit.training.language;

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
    private static final List<String> TOKENIZER_FILES = List.of("tokenizer.json", "tokenizer_config.json");

    private LanguageTraining() {}

    /**
     * Trains, and writes a folder in the Hugging Face layout: {@code config.json}, {@code tokenizer.json},
     * {@code tokenizer_config.json} and {@code model.safetensors} of the best round, beside {@code training.json},
     * {@code learning-curve.png} and {@code checkpoint.safetensors}, from which a training that was broken off goes on.
     * Of an adapter, {@code adapter_config.json} and {@code adapter_model.safetensors} take the place of configuration and
     * weights.
     *
     * @param train to learn from
     * @param validation to choose the best round by
     * @param samplePrompts are answered after every round
     * @param samples is told prompts with their answers
     * @param shape of the model; the base's where there is one
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
            LanguageTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        if (!options.resume() || !TrainingState.isIn(out)) {
            begin(shape, options, out);
        }
        try (LanguageTrainer trainer =
                new LanguageTrainer(train, validation, samplePrompts, samples, shape, options, out, progress)) {
            return trainer.run();
        }
    }

    private static void begin(LlamaShape shape, LanguageTrainingOptions options, Path out) throws IOException {
        Files.createDirectories(out);
        if (options.base().isPresent()) {
            for (String file : TOKENIZER_FILES) {
                Path source = options.base().get().resolve(file);
                if (Files.exists(source)) {
                    Files.copy(source, out.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (options.lora().isEmpty()) {
            shape.write(out);
        }
    }
}
