package dev.plaudit.generate;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import dev.plaudit.function.StepRunner;
import dev.plaudit.function.StopsWithCaller;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import io.quarkus.funqy.knative.events.EventAttribute;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * What a language model says of a post: {@code prompted} in; of content simulation its text, {@code generated}, out, of
 * behavior understanding its like level, {@code judged}.
 */
@ApplicationScoped
public class GenerateFunction {
    private final PostWriter writer;
    private final StepRunner runner;

    public GenerateFunction(PostWriter writer) {
        this.writer = writer;
        this.runner = new StepRunner(Step.GENERATE, writer.device());
    }

    @Funq("generate")
    @StopsWithCaller
    @CloudEventMapping(
            trigger = EventType.PROMPTED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.CONTENT))
    public CloudEvent<Simulation> generate(CloudEvent<Simulation> event) {
        return answer(event, DraftListener.NONE);
    }

    @Funq("generate-level")
    @StopsWithCaller
    @CloudEventMapping(
            trigger = EventType.PROMPTED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.LEVEL))
    public CloudEvent<Simulation> level(CloudEvent<Simulation> event) {
        return answer(event, DraftListener.NONE);
    }

    /** Whichever is asked for; drafts are heard while they are written. */
    public CloudEvent<Simulation> answer(CloudEvent<Simulation> event, DraftListener drafts) {
        return Extensions.LEVEL.equals(event.extensions().get(Extensions.TASK))
                ? runner.answer(event, EventType.JUDGED, document -> document.withJudgement(writer.judge(document)))
                : runner.answer(
                        event, EventType.GENERATED, document -> document.withDrafts(writer.write(document, drafts)));
    }
}
