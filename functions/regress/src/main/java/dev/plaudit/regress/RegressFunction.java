package dev.plaudit.regress;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.StepRunner;
import io.quarkus.funqy.Funq;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventMapping;
import jakarta.enterprise.context.ApplicationScoped;

/** The number of likes: {@code classified} in, {@code scored} out. */
@ApplicationScoped
public class RegressFunction {
    private final LikesRegressor regressor;
    private final StepRunner runner = new StepRunner(Step.REGRESS, "cpu");

    public RegressFunction(LikesRegressor regressor) {
        this.regressor = regressor;
    }

    @Funq("regress")
    @CloudEventMapping(trigger = EventType.CLASSIFIED)
    public CloudEvent<Simulation> regress(CloudEvent<Simulation> event) {
        return runner.answer(
                event, EventType.SCORED, simulation -> simulation.withEngagement(regressor.estimate(simulation)));
    }
}
