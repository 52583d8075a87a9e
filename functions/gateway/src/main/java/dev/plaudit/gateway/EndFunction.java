package dev.plaudit.gateway;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Simulation;
import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where the route ends: the result of a job's post is kept, and by Kafka whoever reads results is told. The broker's
 * event is taken for delivered only then; told twice, or of a post that no job has, no job changes.
 */
@ApplicationScoped
public class EndFunction {
    private final JobStore store;
    private final Topics topics;
    private final boolean kafka;

    EndFunction(JobStore store, Topics topics, GatewayConfig config) {
        this.store = store;
        this.topics = topics;
        this.kafka = config.kafka();
    }

    @Funq("end-scored")
    @CloudEventMapping(trigger = EventType.SCORED)
    public void scored(CloudEvent<Simulation> event) {
        end(event);
    }

    @Funq("end-generated")
    @CloudEventMapping(trigger = EventType.GENERATED)
    public void generated(CloudEvent<Simulation> event) {
        end(event);
    }

    @Funq("end-judged")
    @CloudEventMapping(trigger = EventType.JUDGED)
    public void judged(CloudEvent<Simulation> event) {
        end(event);
    }

    @Funq("end-failed")
    @CloudEventMapping(trigger = EventType.FAILED)
    public void failed(CloudEvent<Simulation> event) {
        end(event);
    }

    private void end(CloudEvent<Simulation> event) {
        try {
            Subject.parse(event.subject() == null ? "" : event.subject())
                    .ifPresent(subject -> store.complete(subject, event.data()));
        } catch (DatabaseUnavailableException e) {
            throw new RejectedExecutionException(e);
        }
        if (kafka) {
            topics.toResults(Topics.event(event)).await().indefinitely();
        }
    }
}
