package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.gateway.jobs.Subject;
import dev.plaudit.gateway.jobs.Submission;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PostWorkersTest {
    private static final Submission POST = new Submission(
            new Subject(UUID.randomUUID(), 1),
            Simulation.behavior(new Post(null, "Fresh bread", null, null, null, null, null), Options.DEFAULT));

    @Test
    void aPostIsInHandFromItsSubmissionToItsEnd() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        PostWorkers workers = new PostWorkers(1, post -> end.await());
        assertThat(workers.inHand()).isEmpty();

        workers.submit(List.of(POST));
        assertThat(workers.inHand()).containsExactly(POST.subject());

        end.countDown();
        workers.stop(Duration.ofSeconds(20));
        assertThat(workers.inHand()).isEmpty();
    }

    /** Each post waits for one more than there may be, in vain at first. */
    @Test
    void soManyPostsAreWorkedOnAtATime() throws InterruptedException {
        int most = 3;
        CountDownLatch tooMany = new CountDownLatch(most + 1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        PostWorkers workers = new PostWorkers(most, post -> {
            seen.accumulateAndGet(running.incrementAndGet(), Math::max);
            tooMany.countDown();
            tooMany.await(300, TimeUnit.MILLISECONDS);
            running.decrementAndGet();
        });

        workers.submit(Collections.nCopies(100, POST));
        workers.stop(Duration.ofSeconds(20));
        assertThat(seen).hasValueLessThanOrEqualTo(most);
    }
}
