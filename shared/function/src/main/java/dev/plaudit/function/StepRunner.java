package dev.plaudit.function;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.events.Usage;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Runs one step's work on events: measures it, accounts for it in the document, and turns a post that can never succeed
 * into a {@code failed} event; so is one that nobody waits for any more, and no work is begun for it. Anything else that goes wrong is thrown, so that the broker comes back. Thread-safe.
 */
public final class StepRunner {
    private final Step step;
    private final String device;
    private final AtomicBoolean cold = new AtomicBoolean(true);

    /** @param device where the step's model runs, as in {@link Usage#device()} */
    public StepRunner(Step step, String device) {
        this.step = step;
        this.device = device;
    }

    /**
     * Answers an event.
     *
     * @param type the type of the answer when the work succeeds
     * @param work adds this step's part to the document; throws {@link InvalidFieldException} for a document that it
     *     can never work on
     * @throws InvalidFieldException when the event carries no document, or one of another task than it says, or its expiry is
     *     no time
     */
    public CloudEvent<Simulation> answer(CloudEvent<Simulation> event, String type, UnaryOperator<Simulation> work) {
        Instant expiry = Events.expiry(event);
        Simulation simulation = document(event);
        Map<String, String> extensions = event.extensions() == null ? Map.of() : event.extensions();
        String task = extensions.getOrDefault(Extensions.TASK, simulation.task().value());
        if (!task.equals(simulation.task().value())) {
            throw new InvalidFieldException(
                    Extensions.TASK,
                    "must be " + simulation.task().value() + ", as the document's is, was '" + task + "'");
        }
        boolean coldStart = cold.compareAndSet(true, false);
        long start = System.nanoTime();
        String outcome = "error";
        try (Trace trace = Trace.start(step, extensions)) {
            Simulation done = Instant.now().isBefore(expiry)
                    ? done(simulation, work, trace)
                    : simulation.withProblem(Problem.of(
                            504,
                            "Expired",
                            "nobody waited any more when the step " + step.function() + " was to begin"));
            String answer = done.problem() == null ? type : EventType.FAILED;
            outcome = done.problem() == null ? "ok" : EventType.FAILED;
            return Events.reply(
                    event, answer, step, trace.continued(extensions), done.plusUsage(usage(start, coldStart)));
        } catch (CancellationException e) {
            outcome = "abandoned";
            throw e;
        } finally {
            Metrics.timer("plaudit.step", "step", step.function(), "device", device, "outcome", outcome)
                    .record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** The document with this step's part, or with the problem that it can never have one. */
    private static Simulation done(Simulation simulation, UnaryOperator<Simulation> work, Trace trace) {
        try {
            return work.apply(simulation);
        } catch (InvalidFieldException e) {
            return simulation.withProblem(Problem.invalidField(e));
        } catch (RuntimeException e) {
            trace.failed(e);
            throw e;
        }
    }

    private static Simulation document(CloudEvent<Simulation> event) {
        String contentType = event.dataContentType();
        if (contentType != null && !contentType.startsWith("application/json")) {
            throw new UnsupportedContentException(contentType);
        }
        Simulation simulation;
        try {
            simulation = event.data();
        } catch (NullPointerException e) {
            // Funqy parses the data when it is first asked for, and trips over a body of no bytes.
            simulation = null;
        }
        if (simulation == null) {
            throw new InvalidFieldException("data", "is missing");
        }
        return simulation;
    }

    private Usage usage(long start, boolean coldStart) {
        double millis = Math.round((System.nanoTime() - start) / 1e4) / 100.0;
        return new Usage(step, device, millis, coldStart);
    }
}
