package dev.plaudit.gateway.jobs;

import java.util.List;
import java.util.Set;

/**
 * How the posts of jobs get on their way. What becomes of each is told to {@link JobStore#complete}, by whoever learns of
 * it, in any order and in any gateway; a post of which nothing is heard is submitted again after
 * {@link JobsConfig#resubmitAfter}, or {@link JobsConfig#brokerPatience} once {@link JobStore#handedOver} was told. Called by
 * one thread at a time.
 */
public interface Dispatcher {
    /**
     * Takes posts, and holds the caller while there is no room for them.
     *
     * @throws InterruptedException when the gateway stops; the posts not yet taken are submitted again later
     * @throws RuntimeException when they cannot be taken now; they are submitted again later
     */
    void submit(List<Submission> posts) throws InterruptedException;

    /** The posts that were taken and are worked on here, or will be, so that they must not be submitted again. */
    default Set<Subject> inHand() {
        return Set.of();
    }
}
