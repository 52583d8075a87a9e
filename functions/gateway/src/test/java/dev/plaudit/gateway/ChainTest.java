package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChainTest {
    /** A function that scores every post in one step, by what a test does meanwhile. */
    private record Function(Work work) implements StepCaller {
        interface Work {
            void on(Simulation simulation) throws InterruptedException;
        }

        @Override
        public boolean reaches(Step step) {
            return false;
        }

        @Override
        public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event, DraftListener drafts) {
            try {
                work.on(event.data());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return CloudEventBuilder.create().type(EventType.SCORED).build(event.data());
        }
    }

    private static List<Simulation> posts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Simulation.behavior(
                        new Post("p" + i, "Fresh bread", null, null, null, null, null), Options.DEFAULT))
                .toList();
    }

    /** Each post waits for one more than there may be, in vain at first. */
    @Test
    void soManyPostsAreOnTheirWayAtATimeAndComeInTheirOrder() throws InterruptedException {
        int parallel = 3;
        CountDownLatch tooMany = new CountDownLatch(parallel + 1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Chain chain = new Chain(new Function(post -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            tooMany.countDown();
            tooMany.await(300, TimeUnit.MILLISECONDS);
            running.decrementAndGet();
        }));

        assertThat(chain.run(posts(100), parallel)).isEqualTo(posts(100));
        assertThat(most).hasValueLessThanOrEqualTo(parallel);
    }

    @Test
    @Timeout(20)
    void whenOnePostCannotBeRunTheOthersAreGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        Chain chain = new Chain(new Function(post -> {
            if (post.post().id().equals("p1")) {
                throw new RejectedExecutionException("no room");
            }
            never.await();
        }));

        assertThatThrownBy(() -> chain.run(posts(3).reversed().subList(1, 3), 3))
                .hasMessage("no room");
    }
}
