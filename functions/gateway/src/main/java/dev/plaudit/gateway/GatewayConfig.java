package dev.plaudit.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The gateway's settings, {@code plaudit.gateway.*}. */
@ConfigMapping(prefix = "plaudit.gateway")
public interface GatewayConfig {
    /** Where each step is, by its name: {@code plaudit.gateway.functions.prompt=http://prompt.plaudit.svc}. */
    Map<String, URI> functions();

    /** How long one step may take, a cold start included. */
    @WithDefault("30s")
    Duration stepTimeout();

    /** How many posts of one request are on their way at a time. */
    @WithDefault("64")
    int parallelPosts();

    /** The most posts in one request. */
    @WithDefault("1000")
    int maxPosts();
}
