package dev.plaudit.deadletters;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The dead letters' settings, {@code plaudit.dead-letters.*}. */
@ConfigMapping(prefix = "plaudit.dead-letters")
public interface DeadLettersConfig {
    /** Where failed events go: the broker; default: where a Knative SinkBinding says that it is. */
    @WithDefault("${K_SINK}")
    URI sink();

    /** How long the sink may take. */
    @WithDefault("10s")
    Duration timeout();
}
