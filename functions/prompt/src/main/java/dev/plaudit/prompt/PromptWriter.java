package dev.plaudit.prompt;

import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.features.PromptTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes the prompt of a simulation by the template of its task; that of like levels is always {@link LevelPrompt}.
 *
 * @param behavior the template of behavior simulation
 * @param content the template of content simulation
 */
public record PromptWriter(PromptTemplate behavior, PromptTemplate content) {
    /**
     * The templates that the settings name, or those of the models that ship.
     *
     * @throws IllegalArgumentException when a template names a field that does not exist
     */
    public static PromptWriter of(PromptConfig config) {
        return new PromptWriter(
                template(config.behaviorTemplate(), Task.BEHAVIOR), template(config.contentTemplate(), Task.CONTENT));
    }

    private static PromptTemplate template(Optional<Path> file, Task task) {
        return file.map(PromptWriter::read).orElseGet(() -> PromptTemplate.standard(task));
    }

    private static PromptTemplate read(Path file) {
        try {
            return PromptTemplate.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the prompt template " + file + " cannot be read", e);
        }
    }

    Prompt write(Simulation simulation) {
        return switch (simulation.task()) {
            case BEHAVIOR -> behavior.write(simulation.post(), simulation.sights(), simulation.options());
            case CONTENT -> content.write(simulation.post(), simulation.sights(), simulation.options());
            case LEVEL -> LevelPrompt.of(simulation.post(), simulation.sights());
        };
    }
}
