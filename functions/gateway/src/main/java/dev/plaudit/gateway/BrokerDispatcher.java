package dev.plaudit.gateway;

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

/**
 * Hands the posts of jobs to the topic of the broker, which takes them along the route; their ends come to
 * {@link EndRoute}.
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
        Uni.join()
                .all(posts.stream()
                        .map(post -> topics.toBroker(StandardEvents.of(submitted(post))))
                        .toList())
                .andFailFast()
                .await()
                .indefinitely();
        store.handedOver(posts);
    }

    private io.quarkus.funqy.knative.events.CloudEvent<Simulation> submitted(Submission post) {
        return Events.submitted(
                post.subject().toString(), post.simulation(), caller.media(post.simulation()), Map.of());
    }
}
