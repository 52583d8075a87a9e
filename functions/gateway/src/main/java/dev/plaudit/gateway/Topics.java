package dev.plaudit.gateway;

import io.cloudevents.CloudEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Where events go by Kafka, in the binary content mode of CloudEvents' Kafka protocol binding, one simulation's events to
 * one partition. Written by CloudEvents' own serializer, which keeps every attribute as it is.
 */
@ApplicationScoped
class Topics {
    private final MutinyEmitter<CloudEvent> events;
    private final MutinyEmitter<CloudEvent> results;

    Topics(@Channel("events") MutinyEmitter<CloudEvent> events, @Channel("results") MutinyEmitter<CloudEvent> results) {
        this.events = events;
        this.results = results;
    }

    /** Has the broker take an event along the route; done when the broker has it for good. */
    Uni<Void> toBroker(CloudEvent event) {
        return events.sendMessage(keyed(event));
    }

    /** Tells those who read results; done when the topic has it for good. */
    Uni<Void> toResults(CloudEvent event) {
        return results.sendMessage(keyed(event));
    }

    private static Message<CloudEvent> keyed(CloudEvent event) {
        return Message.of(event)
                .addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey(event.getSubject())
                        .build());
    }
}
