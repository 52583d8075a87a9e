package dev.plaudit.gateway.jobs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Hands the posts of jobs to the {@link Dispatcher}, as fast as it takes them. */
@ApplicationScoped
public class Feeder {
    private static final Logger LOG = Logger.getLogger(Feeder.class);
    private static final int SLICE = 64;

    private final JobStore store;
    private final Dispatcher dispatcher;
    private final boolean alone;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("jobs").factory());
    private boolean released;
    private boolean failing;

    Feeder(JobStore store, Dispatcher dispatcher, Database database) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.alone = !database.isShared();
    }

    /** Looks for posts that are due, now; returns at once. */
    @Scheduled(every = "1s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void wake() {
        thread.execute(this::feed);
    }

    private void feed() {
        try {
            if (alone && !released) {
                // What an earlier process had in hand, nobody has now.
                store.release();
                released = true;
            }
            List<Submission> due = store.claim(SLICE);
            while (!due.isEmpty()) {
                dispatcher.submit(due);
                due = store.claim(SLICE);
            }
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("posts of jobs cannot be submitted now; it is tried again each second", e);
            }
            failing = true;
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }
}
