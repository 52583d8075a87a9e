package dev.plaudit.classify;

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

/** A prompt's like bucket: {@code prompted} of behavior simulation in, {@code classified} out. */
@ApplicationScoped
public class ClassifyFunction {
    private final BucketClassifier classifier;
    private final StepRunner runner;

    public ClassifyFunction(BucketClassifier classifier) {
        this.classifier = classifier;
        this.runner = new StepRunner(Step.CLASSIFY, classifier.device());
    }

    @Funq("classify")
    @CloudEventMapping(
            trigger = EventType.PROMPTED,
            attributes = @EventAttribute(name = Extensions.TASK, value = Extensions.BEHAVIOR))
    public CloudEvent<Simulation> classify(CloudEvent<Simulation> event) {
        return runner.answer(
                event,
                EventType.CLASSIFIED,
                simulation -> simulation.withClassification(classifier.classify(simulation)));
    }
}
