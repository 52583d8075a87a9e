package dev.plaudit.gateway.jobs;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** The settings of jobs, {@code plaudit.gateway.jobs.*}. */
@ConfigMapping(prefix = "plaudit.gateway.jobs")
public interface JobsConfig {
    /** The file of the database, without its ending, where there is no PostgreSQL. */
    Path file();

    /** The most posts in one job. */
    @WithDefault("100000")
    int maxPosts();

    /** How many posts of all jobs are on their way at a time: submitted, and without a result as yet. */
    @WithDefault("2000")
    int maxInFlight();

    /** After how long without a result a post is submitted again, unless a gateway works on it or a broker has it. */
    @WithDefault("2m")
    Duration resubmitAfter();

    /**
     * After how long without a result a post that a broker took is submitted again: longer than the triggers may insist
     * along the whole route. Less where the broker may lose events.
     */
    @WithDefault("8h")
    Duration brokerPatience();

    /** How often a post is submitted before it is given up. */
    @WithDefault("30")
    int maxAttempts();

    /** How long a job that has ended is kept, with its results. */
    @WithDefault("7d")
    Duration keepResults();

    /** How long an answer is kept under its idempotency key. */
    @WithDefault("1d")
    Duration keepKeys();

    /** The longest upload, unpacked, in bytes; four times as many may be received at a time, in the temporary folder. */
    @WithDefault("100M")
    MemorySize maxUpload();
}
