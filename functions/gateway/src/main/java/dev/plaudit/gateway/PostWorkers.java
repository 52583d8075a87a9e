package dev.plaudit.gateway;

import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.Subject;
import dev.plaudit.gateway.jobs.Submission;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Works on the posts of jobs, each on a virtual thread, a bounded number at a time. Thread-safe. */
final class PostWorkers {
    /** What is done with a post. */
    interface Work {
        /** Does it; one that is interrupted, or misses the database, leaves the post to be submitted again later. */
        void on(Submission post) throws InterruptedException;
    }

    private static final Logger LOG = Logger.getLogger(PostWorkers.class);

    private final Work work;
    private final Semaphore room;
    private final Set<Subject> inHand = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** @param most posts at a time */
    PostWorkers(int most, Work work) {
        this.room = new Semaphore(most);
        this.work = work;
    }

    /** Begins with posts, the next one as soon as there is room for it. */
    void submit(List<Submission> posts) throws InterruptedException {
        posts.forEach(post -> inHand.add(post.subject()));
        for (Submission post : posts) {
            room.acquire();
            executor.execute(() -> {
                try {
                    work.on(post);
                } catch (InterruptedException | DatabaseUnavailableException e) {
                    LOG.debugf(e, "the post %s is submitted again later", post.subject());
                } finally {
                    inHand.remove(post.subject());
                    room.release();
                }
            });
        }
    }

    /** The posts that are worked on, or wait for room, as they are at any time. */
    Set<Subject> inHand() {
        return Collections.unmodifiableSet(inHand);
    }

    /** Takes no more; waits so long for those in hand, and interrupts what is left. */
    void stop(Duration patience) {
        executor.shutdown();
        try {
            executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
