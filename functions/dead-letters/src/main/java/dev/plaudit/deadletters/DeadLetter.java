package dev.plaudit.deadletters;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An event that the broker gave up on, with what it learnt of the reason.
 *
 * @param event the event as it was, plus Knative's {@code knativeerrordest}, {@code knativeerrorcode} and
 *     {@code knativeerrordata}
 * @see <a href="https://knative.dev/docs/eventing/event-delivery/">Knative: handling delivery failure</a>
 */
record DeadLetter(CloudEvent event) {
    private static final URI SOURCE = URI.create("/plaudit/dead-letters");
    private static final String DESTINATION = "knativeerrordest";
    private static final String CODE = "knativeerrorcode";
    private static final String DATA = "knativeerrordata";
    private static final String KNATIVE = "knativeerror";

    /** The end of the simulation; empty when the letter is the news of a failure itself, which nobody is left to hear. */
    Optional<CloudEvent> failed() {
        if (event.getType().equals(EventType.FAILED)) {
            return Optional.empty();
        }
        CloudEventBuilder failed = CloudEventBuilder.v1(event);
        event.getExtensionNames().stream()
                .filter(name -> name.startsWith(KNATIVE))
                .forEach(failed::withoutExtension);
        return Optional.of(failed.withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(EventType.FAILED)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData(
                        "application/json",
                        SimulationJson.write(simulation().withProblem(problem()))
                                .getBytes(StandardCharsets.UTF_8))
                .build());
    }

    /** The document; one of which nothing is known where the event has none that can be read. */
    private Simulation simulation() {
        try {
            return SimulationJson.read(
                    event.getData() == null ? new byte[0] : event.getData().toBytes(), Simulation.class);
        } catch (InvalidFieldException e) {
            Task task = Arrays.stream(Task.values())
                    .filter(each -> each.value().equals(extension(Extensions.TASK)))
                    .findFirst()
                    .orElse(Task.BEHAVIOR);
            Post unknown = new Post(null, null, null, null, null, null, null);
            return new Simulation(
                    task, unknown, Options.DEFAULT, List.of(), null, null, null, List.of(), null, List.of(), null);
        }
    }

    /** What the step said, where that is to be read; else that it did not succeed, and which it was. */
    private Problem problem() {
        try {
            byte[] said = Base64.getDecoder().decode(extension(DATA));
            Problem problem = SimulationJson.read(said, Problem.class);
            if (problem.status() >= 400 && problem.status() < 500 && problem.detail() != null) {
                return problem;
            }
        } catch (IllegalArgumentException e) {
            // Nothing that the step said itself: Knative cuts long answers off, and a proxy answers in its own way.
        }
        return Problem.of(
                502,
                "Step failed",
                "%s gave up on by the broker: the last answer of %s was %s"
                        .formatted(event.getType(), extension(DESTINATION), extension(CODE)));
    }

    private String extension(String name) {
        Object value = event.getExtension(name);
        return value == null ? "" : value.toString();
    }
}
