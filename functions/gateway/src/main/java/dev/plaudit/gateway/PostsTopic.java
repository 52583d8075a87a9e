package dev.plaudit.gateway;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Posts that others write to {@code plaudit.posts}, as CloudEvents of type {@link EventType#SUBMITTED} in binary or
 * structured content mode. They go to the broker with every attribute that they have, plus those that the route needs. One
 * that can never be worked on goes to the dead letters' topic, with the reason in its headers; one that is too large for the
 * broker's topic fails, and whoever reads results is told.
 */
@ApplicationScoped
class PostsTopic {
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Topics topics;
    private final StepCaller caller;

    PostsTopic(Topics topics, StepCaller caller) {
        this.topics = topics;
        this.caller = caller;
    }

    /** A post is done with when the broker has it, or when its failure is told. */
    @Incoming("posts")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> post) {
        CloudEvent submitted = submitted(KafkaMessageFactory.createReader(post).toEvent());
        return topics.toBroker(submitted)
                .onFailure(RecordTooLargeException.class)
                .recoverWithUni(() -> topics.toResults(tooLarge(submitted)))
                .onFailure()
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .indefinitely();
    }

    /** The end of a simulation that Kafka cannot carry; without the post, for which there is no room here either. */
    private static CloudEvent tooLarge(CloudEvent submitted) {
        Simulation simulation = SimulationJson.read(submitted.getData().toBytes(), Simulation.class);
        Post post = new Post(simulation.post().id(), null, null, null, null, null, null);
        Simulation failed = new Simulation(
                simulation.task(),
                post,
                Options.DEFAULT,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Problem.of(413, "Post too large", "the post is larger than Kafka's limit"));
        return CloudEventBuilder.v1(submitted)
                .withId(UUID.randomUUID().toString())
                .withType(EventType.FAILED)
                .withData("application/json", SimulationJson.write(failed).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private CloudEvent submitted(CloudEvent event) {
        if (!event.getType().equals(EventType.SUBMITTED)) {
            throw new InvalidFieldException("type", "must be " + EventType.SUBMITTED + ", was " + event.getType());
        }
        Simulation simulation = SimulationJson.read(
                event.getData() == null ? new byte[0] : event.getData().toBytes(), Simulation.class);
        simulation.post().requireFitFor(simulation.task());
        String subject = event.getSubject() == null ? event.getId() : event.getSubject();
        return CloudEventBuilder.v1(event)
                .withSubject(subject)
                .withExtension(Extensions.TASK, simulation.task().value())
                .withExtension(Extensions.MEDIA, caller.media(simulation))
                .withExtension(Extensions.PARTITION_KEY, subject)
                .build();
    }
}
