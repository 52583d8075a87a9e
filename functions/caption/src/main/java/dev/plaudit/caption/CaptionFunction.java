package dev.plaudit.caption;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.StepRunner;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import io.quarkus.funqy.knative.events.EventAttribute;
import jakarta.enterprise.context.ApplicationScoped;

/** What a post's media show: {@code submitted} with media in, {@code captioned} out. */
@ApplicationScoped
public class CaptionFunction {
    private final PictureCaptioner captioner;
    private final StepRunner runner;

    public CaptionFunction(PictureCaptioner captioner) {
        this.captioner = captioner;
        this.runner = new StepRunner(Step.CAPTION, captioner.device());
    }

    @Funq("caption")
    @CloudEventMapping(
            trigger = EventType.SUBMITTED,
            attributes = @EventAttribute(name = Extensions.MEDIA, value = Extensions.MEDIA_SOME))
    public CloudEvent<Simulation> caption(CloudEvent<Simulation> event) {
        return runner.answer(
                event,
                EventType.CAPTIONED,
                simulation ->
                        simulation.withSights(captioner.look(simulation.post().media())));
    }
}
