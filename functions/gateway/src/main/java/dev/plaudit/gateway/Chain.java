package dev.plaudit.gateway;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Route;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import dev.plaudit.function.Events;
import dev.plaudit.gateway.StepUnavailableException.Reason;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Takes a simulation along the {@link Route}, step by step, until the route leads back to the gateway. Thread-safe. */
public final class Chain {
    private final StepCaller caller;
    private final Instant expiry;

    /** A chain whose runs may take as long as they take. */
    public Chain(StepCaller caller) {
        this(caller, Instant.MAX);
    }

    private Chain(StepCaller caller, Instant expiry) {
        this.caller = caller;
        this.expiry = expiry;
    }

    /** This chain for a caller who waits so long, from now on, for all that is run on it. */
    public Chain within(Duration patience) {
        return new Chain(caller, Instant.now().plus(patience));
    }

    /**
     * Runs a simulation to its end.
     *
     * @return the grown document: scored, or with a problem
     * @throws StepUnavailableException when a step does not answer as it should, or not before the chain's time is over
     */
    public Simulation run(Simulation simulation) {
        return run(simulation, DraftListener.NONE);
    }

    /** The same, drafts heard while they are written. */
    public Simulation run(Simulation simulation, DraftListener drafts) {
        return run(UUID.randomUUID().toString(), simulation, drafts);
    }

    /** The same for a simulation of this id. */
    Simulation run(String subject, Simulation simulation, DraftListener drafts) {
        CloudEvent<Simulation> event = Events.submitted(subject, simulation, caller.media(simulation), expiry());
        Step step = next(event);
        while (step != Step.GATEWAY) {
            if (Instant.now().isAfter(expiry)) {
                throw new StepUnavailableException(
                        step, Reason.LATE, "was not reached before the time for the whole call was over");
            }
            event = caller.call(step, event, drafts);
            step = after(step, event);
        }
        return event.data();
    }

    /**
     * Runs simulations side by side, so that they share batches. When one cannot be run, the others are given up.
     *
     * @param parallel how many are on their way at a time, at least 1
     * @return the grown documents, in the order given
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public List<Simulation> run(List<Simulation> simulations, int parallel) throws InterruptedException {
        Semaphore room = new Semaphore(parallel);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Simulation>> runs = new ArrayList<>();
            for (Simulation simulation : simulations) {
                runs.add(executor.submit(() -> {
                    room.acquire();
                    try {
                        return run(simulation);
                    } finally {
                        room.release();
                    }
                }));
            }
            try {
                List<Simulation> done = new ArrayList<>();
                for (Future<Simulation> run : runs) {
                    done.add(run.get());
                }
                return done;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } finally {
                executor.shutdownNow();
            }
        }
    }

    private Map<String, String> expiry() {
        return expiry.equals(Instant.MAX) ? Map.of() : Map.of(Extensions.EXPIRY_TIME, expiry.toString());
    }

    private static Step after(Step step, CloudEvent<Simulation> answer) {
        try {
            return next(answer);
        } catch (IllegalArgumentException e) {
            throw new StepUnavailableException(
                    step, Reason.BROKEN, "answered with an event that goes nowhere: " + e.getMessage());
        }
    }

    private static Step next(CloudEvent<Simulation> event) {
        return Route.next(event.type(), event.data().task(), event.extensions().get(Extensions.MEDIA));
    }
}
