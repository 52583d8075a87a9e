package dev.plaudit.prompt;

import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.features.PromptTemplate;

/**
 * Writes the prompt of a simulation by the template of its task.
 *
 * @param behavior the template of behavior simulation
 * @param content the template of content simulation
 */
public record PromptWriter(PromptTemplate behavior, PromptTemplate content) {
    /** The templates of the models that ship. */
    public static PromptWriter standard() {
        return new PromptWriter(PromptTemplate.standard(Task.BEHAVIOR), PromptTemplate.standard(Task.CONTENT));
    }

    Prompt write(Simulation simulation) {
        PromptTemplate template =
                switch (simulation.task()) {
                    case BEHAVIOR -> behavior;
                    case CONTENT -> content;
                };
        return template.write(simulation.post(), simulation.sights());
    }
}
