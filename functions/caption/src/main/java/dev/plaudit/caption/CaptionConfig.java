package dev.plaudit.caption;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The caption function's settings, {@code plaudit.caption.*}. */
@ConfigMapping(prefix = "plaudit.caption")
public interface CaptionConfig {
    /** The model's folder, in the Hugging Face layout: a {@code Blip2ForConditionalGeneration} over OPT. */
    @WithDefault("${plaudit.home}/models/pretrained/caption")
    Path model();

    /** What a caption goes on from, as in {@code a photo of}; default: from nothing. */
    Optional<String> prompt();

    /** In what numbers it runs. */
    @WithDefault("fp32")
    Precision precision();

    /** Where it runs; {@code auto}: on a GPU when there is one. */
    @WithDefault("auto")
    Device device();

    /** Threads that share one run; default: all the cores this process may use. */
    OptionalInt threads();

    /** Whether idle threads spin: faster alone, unkind to whoever shares the cores. */
    @WithDefault("false")
    boolean spinning();

    /** The longest that a picture waits for others to share its run. */
    @WithDefault("5ms")
    Duration batchWindow();

    /** The most pictures of one run. */
    @WithDefault("8")
    int maxBatch();

    /** The most pictures that wait; one more is refused. */
    @WithDefault("2048")
    int maxQueue();

    /** How many captions are remembered, by the pictures' bytes; 0 remembers none. */
    @WithDefault("10000")
    int cacheSize();
}
