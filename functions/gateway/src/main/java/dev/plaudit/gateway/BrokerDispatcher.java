package dev.plaudit.gateway;

import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.function.Events;
import dev.plaudit.function.StandardEvents;
import dev.plaudit.gateway.jobs.Dispatcher;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Submission;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Hands the posts of jobs to the topic of the broker, which takes them along the route; their ends come to
 * {@link EndRoute}. One that is too large for the topic fails.
 */
@ApplicationScoped
@Typed(BrokerDispatcher.class)
class BrokerDispatcher implements Dispatcher {
    private final Topics topics;
    private final StepCaller caller;
    private final JobStore store;

    BrokerDispatcher(Topics topics, StepCaller caller, JobStore store) {
        this.topics = topics;
        this.caller = caller;
        this.store = store;
    }

    @Override
    public void submit(List<Submission> posts) {
        Queue<Submission> tooLarge = new ConcurrentLinkedQueue<>();
        Uni.join()
                .all(posts.stream()
                        .map(post -> topics.toBroker(StandardEvents.of(submitted(post)))
                                .onFailure(RecordTooLargeException.class)
                                .recoverWithItem(() -> {
                                    tooLarge.add(post);
                                    return null;
                                }))
                        .toList())
                .andFailFast()
                .await()
                .indefinitely();
        tooLarge.forEach(post -> store.complete(
                post.subject(),
                post.simulation()
                        .withProblem(Problem.of(413, "Post too large", "the post is larger than Kafka's limit"))));
        store.handedOver(posts);
    }

    private io.quarkus.funqy.knative.events.CloudEvent<Simulation> submitted(Submission post) {
        return Events.submitted(
                post.subject().toString(), post.simulation(), caller.media(post.simulation()), Map.of());
    }
}
