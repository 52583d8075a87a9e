package dev.plaudit.prompt;

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

/** All that is known of a post becomes an instruction prompt: events of three types in, {@code prompted} out. */
@ApplicationScoped
public class PromptFunction {
    private final PromptWriter writer;
    private final StepRunner runner = new StepRunner(Step.PROMPT, "cpu");

    public PromptFunction(PromptWriter writer) {
        this.writer = writer;
    }

    /** A post without media that need a look. */
    @Funq("prompt-submitted")
    @CloudEventMapping(
            trigger = EventType.SUBMITTED,
            attributes = @EventAttribute(name = Extensions.MEDIA, value = Extensions.MEDIA_NONE))
    public CloudEvent<Simulation> submitted(CloudEvent<Simulation> event) {
        return prompt(event);
    }

    /** A post to score whose media are described; one to write goes to OCR first. */
    @Funq("prompt-captioned")
    @CloudEventMapping(
            trigger = EventType.CAPTIONED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.BEHAVIOR))
    public CloudEvent<Simulation> captioned(CloudEvent<Simulation> event) {
        return prompt(event);
    }

    /** A post whose like level is to be told, its media described. */
    @Funq("prompt-captioned-level")
    @CloudEventMapping(
            trigger = EventType.CAPTIONED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.LEVEL))
    public CloudEvent<Simulation> captionedLevel(CloudEvent<Simulation> event) {
        return prompt(event);
    }

    /** A post whose media are described and read. */
    @Funq("prompt-read")
    @CloudEventMapping(trigger = EventType.READ)
    public CloudEvent<Simulation> read(CloudEvent<Simulation> event) {
        return prompt(event);
    }

    /** Whichever way it came. */
    public CloudEvent<Simulation> prompt(CloudEvent<Simulation> event) {
        return runner.answer(event, EventType.PROMPTED, simulation -> simulation.withPrompt(writer.write(simulation)));
    }
}
