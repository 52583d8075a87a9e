package dev.plaudit.classify;

import dev.plaudit.inference.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** The classify function's settings, {@code plaudit.classify.*}. */
@ConfigMapping(prefix = "plaudit.classify")
public interface ClassifyConfig {
    /** The model's folder, in the Hugging Face layout. */
    @WithDefault("${plaudit.home}/models/pretrained/bucket")
    Path model();

    /** In what numbers it runs. */
    @WithDefault("fp32")
    Precision precision();

    /** Threads that share one run; default: all the cores this process may use. */
    OptionalInt threads();

    /** Whether idle threads spin: faster alone, unkind to whoever shares the cores. */
    @WithDefault("false")
    boolean spinning();

    /** The longest prompt in tokens; the model's own limit holds where it is lower. */
    @WithDefault("512")
    int maxTokens();

    /** The longest that a prompt waits for others to share its run. */
    @WithDefault("2ms")
    Duration batchWindow();

    /** The most prompts of one run. */
    @WithDefault("32")
    int maxBatch();

    /** The most prompts that wait; one more is refused. */
    @WithDefault("1024")
    int maxQueue();
}
