package dev.plaudit.gateway.jobs;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Deletes what has been kept long enough. */
@ApplicationScoped
class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final JobStore store;
    private final IdempotencyKeys keys;
    private final JobsConfig config;

    Sweeper(JobStore store, IdempotencyKeys keys, JobsConfig config) {
        this.store = store;
        this.keys = keys;
        this.config = config;
    }

    @Scheduled(every = "10m", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void sweep() {
        try {
            store.deleteEndedBefore(Instant.now().minus(config.keepResults()));
            keys.deleteExpired();
        } catch (DatabaseUnavailableException e) {
            LOG.debug("old jobs are deleted when the database is there again", e);
        }
    }
}
