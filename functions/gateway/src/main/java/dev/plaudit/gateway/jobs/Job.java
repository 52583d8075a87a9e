package dev.plaudit.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plaudit.events.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Posts that are worked on together.
 *
 * @param total how many posts there are, rows that could not be read among them
 * @param done how many have ended well
 * @param failed how many can never succeed
 * @param created when it was taken
 * @param ended when the last post ended, or it was cancelled; absent while it runs
 * @param webhook who is told of its end; absent when nobody is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Job(
        UUID id,
        Task task,
        JobState state,
        int total,
        int done,
        int failed,
        Instant created,
        Instant ended,
        Webhook webhook) {
    /**
     * Who is told of a job's end, and whether that has come to pass.
     *
     * @param attempts how often it was tried
     */
    public record Webhook(String url, WebhookState state, int attempts) {}

    /** How many posts have yet to end. */
    @JsonProperty
    public int remaining() {
        return state == JobState.RUNNING ? total - done - failed : 0;
    }

    /**
     * How many seconds the rest will take at the pace so far; absent until the first post has ended, and when there is no
     * rest.
     */
    @JsonProperty
    public Long remainingSeconds() {
        if (remaining() == 0 || done == 0) {
            return null;
        }
        double elapsed = Duration.between(created, Instant.now()).toMillis() / 1e3;
        return (long) Math.ceil(elapsed / done * remaining());
    }
}
