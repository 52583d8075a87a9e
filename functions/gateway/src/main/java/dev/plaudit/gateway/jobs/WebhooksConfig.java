package dev.plaudit.gateway.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings of webhooks, {@code plaudit.gateway.webhooks.*}. */
@ConfigMapping(prefix = "plaudit.gateway.webhooks")
public interface WebhooksConfig {
    /**
     * What webhooks are signed with, each {@code whsec_} and the key in base64; of several, which are for the time of a
     * change, each gives a signature. Without any there are no webhooks.
     */
    Optional<List<String>> secrets();

    /** Names of hosts that may be called though their addresses are not public. */
    Optional<Set<String>> allowedHosts();

    /** How long one call may take. */
    @WithDefault("10s")
    Duration timeout();

    /** How long after the first call that failed the second comes; each further wait is three times the one before. */
    @WithDefault("5s")
    Duration firstRetry();

    /** How often a receiver is called before it is given up. */
    @WithDefault("10")
    int maxAttempts();
}
