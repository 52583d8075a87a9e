package dev.plaudit.gateway;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import io.quarkus.funqy.knative.events.CloudEvent;

/** How an event gets to a step and its answer back: in this process, or over the network. Thread-safe. */
public interface StepCaller {
    /** Whether this deployment has the step at all. */
    boolean reaches(Step step);

    /**
     * The {@link Extensions#MEDIA} extension of a simulation here: where no captioner is deployed, media that nobody
     * described are passed over.
     */
    default String media(Simulation simulation) {
        return reaches(Step.CAPTION) ? simulation.mediaExtension() : Extensions.MEDIA_NONE;
    }

    /**
     * Sends an event to a step and waits for the answer.
     *
     * @throws StepUnavailableException when the step does not answer as it should
     * @throws java.util.concurrent.RejectedExecutionException when a step in this process has no room now
     */
    default CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event) {
        return call(step, event, DraftListener.NONE);
    }

    /** The same, drafts heard while they are written. */
    CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event, DraftListener drafts);
}
