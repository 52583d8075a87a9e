package dev.plaudit.generate;

import dev.plaudit.events.Draft;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Writing;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.GeneratedText;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** Writes posts. Requests share the model's runs. Thread-safe. */
public final class PostWriter implements AutoCloseable {
    /** How several drafts are drawn where the checkpoint itself would always say the same. */
    private static final Strategy.Sampling SAMPLING = new Strategy.Sampling(0.9, 0, 0.95, 0, 0);

    /** Long enough for a post of 280 characters. */
    private static final int MAX_NEW_TOKENS = 120;

    private final Path folder;
    private final Optional<String> system;
    private final TextGenerator model;
    private final SharedTextGenerator shared;

    private PostWriter(GenerateConfig config, TextGenerator model) {
        this.folder = config.adapter().orElse(config.model());
        this.system = config.system();
        this.model = model;
        this.shared = new SharedTextGenerator(model, config.maxBatch(), config.maxQueue());
    }

    /**
     * Opens the model that the settings name and warms it up.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static PostWriter open(GenerateConfig config) {
        LlamaFolder folder = config.adapter()
                .map(adapter -> LlamaFolder.of(config.model(), adapter))
                .orElseGet(() -> LlamaFolder.of(config.model()));
        TextGenerator model = config.engine()
                .open(
                        folder,
                        new InferenceOptions(
                                config.precision(),
                                config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                                config.spinning(),
                                config.maxTokens(),
                                config.device()));
        model.generate(model.prompt("warm up"), GenerationConfig.greedy(2));
        return new PostWriter(config, model);
    }

    /** Where the model runs: {@code cpu} or {@code cuda}. */
    public String device() {
        return model.device().name().toLowerCase(Locale.ROOT);
    }

    /** The folder of the model, or of its adapter. */
    public Path model() {
        return folder;
    }

    /**
     * Writes as many drafts as are asked for, the likeliest first; those that came out alike are one.
     *
     * @throws InvalidFieldException when there is no prompt, it is too long, or what is asked for contradicts itself
     * @throws RejectedExecutionException when too many requests are waiting
     */
    List<Draft> write(Simulation simulation) {
        Prompt prompt = simulation.prompt();
        if (prompt == null) {
            throw new InvalidFieldException("prompt", "is missing");
        }
        int[] tokens = model.chats() ? model.prompt(conversation(prompt)) : model.prompt(prompt.text());
        try {
            return drafts(
                    tokens, shared.generate(tokens, config(simulation.options().writing())));
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException("options.writing", e.getMessage());
        }
    }

    private List<Message> conversation(Prompt prompt) {
        return Stream.concat(system.stream().map(Message::system), Stream.of(Message.user(prompt.text())))
                .toList();
    }

    private List<Draft> drafts(int[] prompt, List<GeneratedText> written) {
        List<String> texts = written.stream()
                .map(text -> text.text().strip())
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        double[] scores = texts.isEmpty() ? new double[0] : shared.meanLogProbabilities(prompt, texts);
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            drafts.add(new Draft(texts.get(i), scores[i], null));
        }
        drafts.sort((a, b) -> Double.compare(b.score(), a.score()));
        return drafts;
    }

    /** What the checkpoint says, but for what the caller asks for. */
    private GenerationConfig config(Writing writing) {
        int most = writing.maxNewTokens() == null ? MAX_NEW_TOKENS : writing.maxNewTokens();
        GenerationConfig config = model.defaults();
        config = config.withMinNewTokens(Math.min(config.minNewTokens(), most)).withMaxNewTokens(most);
        if (!writing.stop().isEmpty()) {
            config = config.withStopStrings(writing.stop());
        }
        boolean asked = writing.temperature() != null || writing.topP() != null;
        if (writing.drafts() == 1 && !asked) {
            return config.withStrategy(seeded(config.strategy(), writing.seed()), 1);
        }
        Strategy.Sampling usual = config.strategy() instanceof Strategy.Sampling sampling ? sampling : SAMPLING;
        return config.withStrategy(
                new Strategy.Sampling(
                        writing.temperature() == null ? usual.temperature() : writing.temperature(),
                        usual.topK(),
                        writing.topP() == null ? usual.topP() : writing.topP(),
                        usual.minP(),
                        writing.seed()),
                writing.drafts());
    }

    private static Strategy seeded(Strategy strategy, long seed) {
        return strategy instanceof Strategy.Sampling sampling ? sampling.withSeed(seed) : strategy;
    }

    /** Finishes what is in hand, then frees the model. */
    @Override
    public void close() {
        shared.close();
        model.close();
    }
}
