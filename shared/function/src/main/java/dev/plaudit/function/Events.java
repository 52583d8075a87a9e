package dev.plaudit.function;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the events of a simulation, with every attribute that the specification and the route ask for. */
public final class Events {
    private static final String INSTANCE = UUID.randomUUID().toString();
    private static final AtomicLong COUNT = new AtomicLong();

    private Events() {}

    /**
     * The event that a simulation enters under.
     *
     * @param subject the simulation's id
     * @param media the {@link Extensions#MEDIA} extension: whether a model is to look at the media
     * @param more further extensions, carried along to the end
     */
    public static CloudEvent<Simulation> submitted(
            String subject, Simulation simulation, String media, Map<String, String> more) {
        Map<String, String> extensions = new HashMap<>(more);
        extensions.put(Extensions.TASK, simulation.task().value());
        extensions.put(Extensions.MEDIA, media);
        extensions.put(Extensions.PARTITION_KEY, subject);
        return event(EventType.SUBMITTED, Step.GATEWAY, subject, extensions, simulation);
    }

    /**
     * When nobody waits for the event any more; {@link Instant#MAX} for one that is waited for without end.
     *
     * @throws InvalidFieldException when its {@link Extensions#EXPIRY_TIME} is no time
     */
    public static Instant expiry(CloudEvent<Simulation> event) {
        String expiry = event.extensions() == null ? null : event.extensions().get(Extensions.EXPIRY_TIME);
        try {
            return expiry == null ? Instant.MAX : OffsetDateTime.parse(expiry).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidFieldException(Extensions.EXPIRY_TIME, "must be a time as in RFC 3339, was " + expiry);
        }
    }

    /** The event that answers another: fresh id and time, same subject. */
    static CloudEvent<Simulation> reply(
            CloudEvent<Simulation> to, String type, Step step, Map<String, String> extensions, Simulation simulation) {
        return event(type, step, to.subject(), extensions, simulation);
    }

    private static CloudEvent<Simulation> event(
            String type, Step step, String subject, Map<String, String> extensions, Simulation simulation) {
        return CloudEventBuilder.create()
                .id(INSTANCE + "-" + COUNT.incrementAndGet())
                .source(step.source())
                .type(type)
                .subject(subject)
                .time(now())
                .extensions(extensions)
                .build(simulation);
    }

    /** Funqy prints a time by {@code toString}, which leaves out seconds that are zero; RFC 3339 wants them. */
    private static OffsetDateTime now() {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
        return now.getNano() == 0 ? now.plus(1, ChronoUnit.MILLIS) : now;
    }
}
