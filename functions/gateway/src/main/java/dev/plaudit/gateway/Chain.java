package dev.plaudit.gateway;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Route;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.Events;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.util.UUID;

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
        String media = caller.reaches(Step.CAPTION) ? simulation.mediaExtension() : Extensions.MEDIA_NONE;
        CloudEvent<Simulation> event = Events.submitted(UUID.randomUUID().toString(), simulation, media);
        Step step = next(event);
        while (step != Step.GATEWAY) {
            event = caller.call(step, event);
            step = next(event);
        }
        return event.data();
    }

    private static Step next(CloudEvent<Simulation> event) {
        return Route.next(event.type(), event.data().task(), event.extensions().get(Extensions.MEDIA));
    }
}
