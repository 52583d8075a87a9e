package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import dev.plaudit.gateway.jobs.Submission;
import io.cloudevents.CloudEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BrokerDispatcherTest {
    @Inject
    StepCaller caller;

    @Inject
    JobStore store;

    @Test
    void aPostThatIsTooLargeForKafkaFailsAndHoldsNoOtherUp() {
        UUID job = UUID.randomUUID();
        Simulation post =
                Simulation.behavior(new Post(null, "Fresh bread", null, null, null, null, null), Options.DEFAULT);
        store.create(job, Task.BEHAVIOR, null, List.of(post, post).iterator());
        Topics topics = new Topics(null, null) {
            @Override
            Uni<Void> toBroker(CloudEvent event) {
                return event.getSubject().endsWith("/1")
                        ? Uni.createFrom().failure(new RecordTooLargeException("4 MiB"))
                        : Uni.createFrom().voidItem();
            }
        };

        new BrokerDispatcher(topics, caller, store)
                .submit(List.of(new Submission(new Subject(job, 1), post), new Submission(new Subject(job, 2), post)));
        assertThat(store.results(job, 0, 2, 10)).singleElement().satisfies(result -> {
            assertThat(result.place()).isEqualTo(1);
            assertThat(result.simulation().problem().status()).isEqualTo(413);
        });
        store.cancel(job);
    }
}
