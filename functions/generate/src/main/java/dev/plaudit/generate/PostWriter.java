package dev.plaudit.generate;

import dev.plaudit.events.Draft;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Judgement;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Writing;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.features.PromptFit;
import dev.plaudit.function.DraftListener;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Lifetime;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Resources;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.NgramIndex;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.GeneratedText;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.inference.llama.TextListener;
import io.micrometer.core.instrument.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** Writes posts, and tells their like levels. Requests share the model's runs. Thread-safe. */
public final class PostWriter implements AutoCloseable {
    /** How several drafts are drawn where the checkpoint itself would always say the same. */
    private static final Strategy.Sampling SAMPLING = new Strategy.Sampling(0.9, 0, 0.95, 0, 0);

    /** Long enough for a post of 280 characters. */
    private static final int MAX_NEW_TOKENS = 120;

    private final Path folder;
    private final Optional<String> system;
    private final TextGenerator model;
    private final Optional<NgramIndex> forbidden;
    private final SharedTextGenerator shared;
    private final PromptFit fit;
    private final LevelJudge judge;
    private final Resources opened;
    private final Lifetime lifetime = new Lifetime("the writer");

    private PostWriter(GenerateConfig config, Resources opened) {
        LlamaFolder files = config.adapter()
                .map(adapter -> LlamaFolder.of(config.model(), adapter))
                .orElseGet(() -> LlamaFolder.of(config.model()));
        this.folder = files.adapter().orElse(files.base());
        this.system = config.system();
        this.opened = opened;
        this.model = opened.add(config.engine()
                .open(
                        files,
                        new InferenceOptions(
                                config.precision(),
                                config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                                config.spinning(),
                                config.maxTokens(),
                                config.device())));
        model.generate(tokens("warm up"), GenerationConfig.greedy(2));
        this.forbidden = forbidden(config, files).map(opened::add);
        this.fit = new PromptFit(this::tokens, model.contextLength());
        this.shared = opened.add(new SharedTextGenerator(model, config.maxBatch(), config.maxQueue()));
        this.judge = LevelJudge.of(shared, model, config, LevelCalibration.in(folder), fit);
        Metrics.gauge("plaudit.generate.rows", shared, SharedTextGenerator::rowsInUse);
    }

    /**
     * Opens the model that the settings name and warms it up.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static PostWriter open(GenerateConfig config) {
        Resources opened = new Resources();
        try {
            return new PostWriter(config, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static Optional<NgramIndex> forbidden(GenerateConfig config, LlamaFolder files) {
        Path index = files.holding(NgramIndex.FILE).resolve(NgramIndex.FILE);
        return config.allowCopies() || !Files.exists(index) ? Optional.empty() : Optional.of(NgramIndex.open(index));
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
     * @param listener hears them while they are written, where the model does not weigh several texts against each other
     * @throws InvalidFieldException when there is no prompt, it is too long, or what is asked for contradicts itself
     * @throws RejectedExecutionException when too many requests are waiting
     * @throws CancellationException when the thread is interrupted, as when nobody waits any more
     * @throws IllegalStateException after the end
     */
    List<Draft> write(Simulation simulation, DraftListener listener) {
        return lifetime.during(() -> written(simulation, listener));
    }

    private List<Draft> written(Simulation simulation, DraftListener listener) {
        Prompt known = prompt(simulation);
        try {
            GenerationConfig config = config(simulation.options().writing());
            int room = Math.min(config.maxNewTokens(), model.contextLength() / 4);
            int[] prompt = fit.fit(known, room, PromptFit.EXPENDABLE);
            boolean heard = listener != DraftListener.NONE && !(config.strategy() instanceof Strategy.Beams);
            return drafts(
                    prompt, shared.generate(prompt, config, forbidden, heard ? listener::wrote : TextListener.NONE));
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException("options.writing", e.getMessage());
        }
    }

    /**
     * Tells the like level of a post.
     *
     * @throws InvalidFieldException when there is no prompt, or it is too long
     * @throws RejectedExecutionException when too many requests are waiting
     * @throws CancellationException when the thread is interrupted, as when nobody waits any more
     */
    Judgement judge(Simulation simulation) {
        return lifetime.during(() -> judge.judge(prompt(simulation)));
    }

    private static Prompt prompt(Simulation simulation) {
        if (simulation.prompt() == null) {
            throw new InvalidFieldException("prompt", "is missing");
        }
        return simulation.prompt();
    }

    private int[] tokens(String prompt) {
        return model.chats() ? model.prompt(conversation(prompt)) : model.prompt(prompt);
    }

    private List<Message> conversation(String prompt) {
        return Stream.concat(system.stream().map(Message::system), Stream.of(Message.user(prompt)))
                .toList();
    }

    private List<Draft> drafts(int[] prompt, List<GeneratedText> written) {
        Map<String, OptionalDouble> scores = new LinkedHashMap<>();
        for (GeneratedText text : written) {
            scores.merge(text.text().strip(), text.meanLogProbability(), (one, other) -> one.isPresent() ? one : other);
        }
        scores.keySet().removeIf(text -> model.answer(text).length == 0);
        List<String> unknown = scores.keySet().stream()
                .filter(text -> scores.get(text).isEmpty())
                .toList();
        double[] found = unknown.isEmpty() ? new double[0] : shared.meanLogProbabilities(prompt, unknown);
        for (int i = 0; i < found.length; i++) {
            scores.put(unknown.get(i), OptionalDouble.of(found[i]));
        }
        return scores.entrySet().stream()
                .map(scored -> new Draft(scored.getKey(), scored.getValue().getAsDouble(), null))
                .sorted(Comparator.comparingDouble(Draft::score).reversed())
                .toList();
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
        lifetime.end(opened::close);
    }
}
