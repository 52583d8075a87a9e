package dev.plaudit.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The gateway's settings, {@code plaudit.gateway.*}. */
@ConfigMapping(prefix = "plaudit.gateway")
public interface GatewayConfig {
    /** Where each step is, by its name: {@code plaudit.gateway.functions.prompt=http://prompt.plaudit.svc}. */
    Map<String, URI> functions();

    /**
     * Whether posts and results travel by Apache Kafka: those of jobs, and those of whoever writes to
     * {@code plaudit.posts}. If not, and where there is no other broker, jobs are worked on by calling the functions.
     */
    @WithDefault("false")
    boolean kafka();

    /**
     * The broker's address, where posts of jobs travel by a broker over HTTP; Knative's {@code K_SINK} unless said
     * otherwise. Kafka goes before it.
     */
    @WithDefault("${K_SINK:}")
    Optional<URI> sink();

    /** Where Kafka is, as {@code host:port} with commas between. */
    @WithDefault("localhost:9092")
    String kafkaServers();

    /** How long a whole call may take, all of its posts and their steps. */
    @WithDefault("2m")
    Duration timeout();

    /** How long one step may take, a cold start included; also within the time of the whole call. */
    @WithDefault("30s")
    Duration stepTimeout();

    /** How many times a step is called again after trouble that may pass; zero for never. */
    @WithDefault("3")
    int retries();

    /** How long a step is left alone after half of its calls failed. */
    @WithDefault("5s")
    Duration circuitDelay();

    /** How many posts of one request are on their way at a time. */
    @WithDefault("64")
    int parallelPosts();

    /** The most posts in one request. */
    @WithDefault("1000")
    int maxPosts();
}
