package dev.plaudit.generate;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** The generate function's settings, {@code plaudit.generate.*}. */
@ConfigMapping(prefix = "plaudit.generate")
public interface GenerateConfig {
    /**
     * The model's folder, in the Hugging Face layout: a {@code LlamaForCausalLM}, a LoRA adapter that names the folder of
     * its base, or an exported decoder.
     */
    @WithDefault("${plaudit.home}/models/pretrained/post")
    Path model();

    /** What runs it; {@code auto}: PyTorch where the folder holds a TorchScript export {@code model.pt} and nothing else. */
    @WithDefault("auto")
    Engine engine();

    /** The folder of a LoRA adapter for that model. */
    Optional<Path> adapter();

    /**
     * What a checkpoint that was trained on conversations is told before the prompt; empty for nothing, as for one whose
     * template knows no such message.
     */
    @WithDefault("You are an expert in social media.")
    Optional<String> system();

    /** In what numbers it runs, {@code fp16} on a GPU only; on PyTorch in the export's own. */
    @WithDefault("fp32")
    Precision precision();

    /** Where it runs; {@code auto}: on a GPU when there is one. */
    @WithDefault("auto")
    Device device();

    /**
     * Threads that share one run, or run requests side by side where the model is small; default: all the cores this process
     * may use.
     */
    OptionalInt threads();

    /** Whether idle threads of a run spin: up to a fifth more tokens a second, unkind to whoever shares the cores. */
    @WithDefault("true")
    boolean spinning();

    /** The most tokens of a prompt and its post together; the model's own limit holds where it is lower. */
    @WithDefault("1024")
    int maxTokens();

    /** The most texts that are written at once, over all requests. */
    @WithDefault("16")
    int maxBatch();

    /** The most requests that wait; one more is refused. */
    @WithDefault("64")
    int maxQueue();

    /** Whether drafts may hold runs of tokens that the model's {@code ngrams.index} names, where it has one. */
    @WithDefault("false")
    boolean allowCopies();

    /** How a like level is said in words. */
    Level level();

    /** The settings of beam search, {@code plaudit.generate.level.*}, by the names of Hugging Face. */
    interface Level {
        /** Sequences that are followed at once; {@code plaudit.generate.max-batch} where that is less. */
        @WithDefault("5")
        int numBeams();

        /** No run of so many tokens comes twice, the prompt's among them; 0 allows all. */
        @WithDefault("2")
        int noRepeatNgramSize();

        /** Whether the search ends as soon as there are as many answers as beams. */
        @WithDefault("true")
        boolean earlyStopping();
    }
}
