package dev.plaudit.gateway.jobs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Hands the posts of jobs to the {@link Dispatcher}, as fast as it takes them. */
@ApplicationScoped
public class Feeder {
    private static final Logger LOG = Logger.getLogger(Feeder.class);
    private static final int SLICE = 64;
    private static final int BEFORE_OTHERS_STOP = 100;

    private final JobStore store;
    private final Dispatcher dispatcher;
    private final boolean alone;
    private final Duration lease;

    /** One at a time; whoever comes meanwhile is not needed. */
    private final Executor thread = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofVirtual().name("jobs").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile Instant renewal = Instant.MIN;
    private boolean released;
    private boolean failing;
    private volatile boolean stopping;

    Feeder(JobStore store, Dispatcher dispatcher, Database database, JobsConfig config) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.alone = !database.isShared();
        this.lease = config.resubmitAfter();
    }

    /** Looks for posts that are due; returns at once. */
    @Scheduled(every = "1s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void wake() {
        thread.execute(this::feed);
    }

    /** Keeps the posts that are worked on here from other gateways, however long they take. */
    @Scheduled(
            every = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void renew() {
        Instant now = Instant.now();
        if (alone || now.isBefore(renewal)) {
            return;
        }
        try {
            store.renew(dispatcher.inHand());
            renewal = now.plus(lease.dividedBy(3));
        } catch (DatabaseUnavailableException e) {
            LOG.debug("posts are kept from other gateways when the database is there again", e);
        }
    }

    private void feed() {
        try {
            if (alone && !released) {
                // What an earlier process had in hand, nobody has now.
                store.release();
                released = true;
            }
            List<Submission> due = store.claim(SLICE, dispatcher.inHand()::contains);
            while (!due.isEmpty() && !stopping) {
                dispatcher.submit(due);
                due = store.claim(SLICE, dispatcher.inHand()::contains);
            }
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!failing && !stopping) {
                LOG.warn("posts of jobs cannot be submitted now; it is tried again each second", e);
            }
            failing = true;
        }
    }

    /** Nobody is interrupted: a file of H2 is closed when the thread that writes to it is. */
    void stop(@Observes @Priority(BEFORE_OTHERS_STOP) ShutdownEvent event) {
        stopping = true;
    }
}
