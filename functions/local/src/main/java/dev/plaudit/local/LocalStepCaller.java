package dev.plaudit.local;

import dev.plaudit.caption.CaptionFunction;
import dev.plaudit.classify.ClassifyFunction;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
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
    /** A function's own method, which may tell of drafts while it writes them. */
    interface Function {
        CloudEvent<Simulation> answer(CloudEvent<Simulation> event, DraftListener drafts);

        /** One that writes none. */
        static Function of(UnaryOperator<CloudEvent<Simulation>> method) {
            return (event, drafts) -> method.apply(event);
        }
    }

    private final Map<Step, Function> functions;

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
                Step.CAPTION, Function.of(caption::caption),
                Step.OCR, Function.of(ocr::read),
                Step.PROMPT, Function.of(prompt::prompt),
                Step.CLASSIFY, Function.of(classify::classify),
                Step.REGRESS, Function.of(regress::regress),
                Step.GENERATE, generate::answer));
    }

    LocalStepCaller(Map<Step, Function> functions) {
        this.functions = functions;
    }

    @Override
    public boolean reaches(Step step) {
        return functions.containsKey(step);
    }

    @Override
    public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event, DraftListener drafts) {
        return functions.get(step).answer(event, drafts);
    }
}
