package dev.plaudit.cluster;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cloudevents.CloudEvent;
import io.fabric8.knative.eventing.v1.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a Knative trigger asks for.
 *
 * @param attributes what an event's attributes must be, exactly
 * @param service whose function gets the event
 * @param retries how often it is sent again
 * @param backoff the first wait; each further one is twice as long
 * @param timeout how long the function may take
 * @param deadLetters whose function gets what cannot be delivered
 */
record Subscription(
        String name,
        Map<String, String> attributes,
        String service,
        int retries,
        Duration backoff,
        Duration timeout,
        String deadLetters) {
    private static final ObjectReader TRIGGERS = new YAMLMapper().readerFor(Trigger.class);

    /** Reads the triggers of a manifest. */
    static List<Subscription> read(Path manifest) throws IOException {
        try (var triggers = TRIGGERS.<Trigger>readValues(manifest.toFile())) {
            return triggers.readAll().stream().map(Subscription::of).toList();
        }
    }

    private static Subscription of(Trigger trigger) {
        var spec = trigger.getSpec();
        var delivery = spec.getDelivery();
        return new Subscription(
                trigger.getMetadata().getName(),
                spec.getFilter().getAttributes(),
                spec.getSubscriber().getRef().getName(),
                delivery.getRetry(),
                Duration.parse(delivery.getBackoffDelay()),
                Duration.parse(delivery.getTimeout()),
                delivery.getDeadLetterSink().getRef().getName());
    }

    boolean matches(CloudEvent event) {
        return attributes.entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(attribute(event, wanted.getKey())));
    }

    private static String attribute(CloudEvent event, String name) {
        Object value = event.getAttributeNames().contains(name) ? event.getAttribute(name) : event.getExtension(name);
        return Objects.toString(value, null);
    }
}
