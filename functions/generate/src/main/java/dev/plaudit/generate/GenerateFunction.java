package dev.plaudit.generate;

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

/** The text of a post: {@code prompted} of content simulation in, {@code generated} out. */
@ApplicationScoped
public class GenerateFunction {
    private final PostWriter writer;
    private final StepRunner runner;

    public GenerateFunction(PostWriter writer) {
        this.writer = writer;
        this.runner = new StepRunner(Step.GENERATE, writer.device());
    }

    @Funq("generate")
    @CloudEventMapping(
            trigger = EventType.PROMPTED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.CONTENT))
    public CloudEvent<Simulation> generate(CloudEvent<Simulation> event) {
        return runner.answer(event, EventType.GENERATED, simulation -> simulation.withDrafts(writer.write(simulation)));
    }
}
