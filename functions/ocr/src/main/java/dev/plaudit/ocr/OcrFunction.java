package dev.plaudit.ocr;

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

/** The text on a post's media: {@code captioned} of content simulation in, {@code read} out. */
@ApplicationScoped
public class OcrFunction {
    private final SightReader reader;
    private final StepRunner runner;

    public OcrFunction(SightReader reader) {
        this.reader = reader;
        this.runner = new StepRunner(Step.OCR, reader.device());
    }

    @Funq("ocr")
    @CloudEventMapping(
            trigger = EventType.CAPTIONED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.CONTENT))
    public CloudEvent<Simulation> read(CloudEvent<Simulation> event) {
        return runner.answer(
                event,
                EventType.READ,
                simulation ->
                        simulation.withSights(reader.read(simulation.post().media(), simulation.sights())));
    }
}
