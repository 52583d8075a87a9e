package dev.plaudit.gateway;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Route;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import dev.plaudit.function.Events;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Takes a simulation along the {@link Route}, step by step, until the route leads back to the gateway. Thread-safe. */
public final class Chain {
    private final StepCaller caller;

    public Chain(StepCaller caller) {
        this.caller = caller;
    }

    /**
     * Runs a simulation to its end. A medium that nobody described is passed over where no captioner is deployed.
     *
     * @return the grown document: scored, or with a problem
     */
    public Simulation run(Simulation simulation) {
        return run(simulation, DraftListener.NONE);
    }

    /** The same, drafts heard while they are written where the {@link StepCaller} can. */
    public Simulation run(Simulation simulation, DraftListener drafts) {
        return run(UUID.randomUUID().toString(), simulation, drafts);
    }

    /** The same for a simulation of this id. */
    Simulation run(String subject, Simulation simulation, DraftListener drafts) {
        String media = caller.reaches(Step.CAPTION) ? simulation.mediaExtension() : Extensions.MEDIA_NONE;
        CloudEvent<Simulation> event = Events.submitted(subject, simulation, media);
        Step step = next(event);
        while (step != Step.GATEWAY) {
            event = caller.call(step, event, drafts);
            step = next(event);
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

    private static Step next(CloudEvent<Simulation> event) {
        return Route.next(event.type(), event.data().task(), event.extensions().get(Extensions.MEDIA));
    }
}
