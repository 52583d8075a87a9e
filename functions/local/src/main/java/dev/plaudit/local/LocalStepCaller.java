package dev.plaudit.local;

import dev.plaudit.caption.CaptionFunction;
import dev.plaudit.classify.ClassifyFunction;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.gateway.StepCaller;
import dev.plaudit.generate.GenerateFunction;
import dev.plaudit.ocr.OcrFunction;
import dev.plaudit.prompt.PromptFunction;
import dev.plaudit.regress.RegressFunction;
import io.quarkus.funqy.knative.events.CloudEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Calls the functions' own methods, in this process. */
@ApplicationScoped
class LocalStepCaller implements StepCaller {
    private final Map<Step, UnaryOperator<CloudEvent<Simulation>>> functions;

    /** All functions, as the application has them. */
    @Inject
    LocalStepCaller(
            CaptionFunction caption,
            OcrFunction ocr,
            PromptFunction prompt,
            ClassifyFunction classify,
            RegressFunction regress,
            GenerateFunction generate) {
        this(Map.of(
                Step.CAPTION, caption::caption,
                Step.OCR, ocr::read,
                Step.PROMPT, prompt::prompt,
                Step.CLASSIFY, classify::classify,
                Step.REGRESS, regress::regress,
                Step.GENERATE, generate::generate));
    }

    LocalStepCaller(Map<Step, UnaryOperator<CloudEvent<Simulation>>> functions) {
        this.functions = functions;
    }

    @Override
    public boolean reaches(Step step) {
        return functions.containsKey(step);
    }

    @Override
    public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event) {
        return functions.get(step).apply(event);
    }
}
