package dev.plaudit.prompt;

import dev.plaudit.events.Task;
import dev.plaudit.features.PromptTemplate;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the deployment's templates, once. */
@Singleton
class ConfiguredTemplates {
    @Produces
    @Singleton
    PromptWriter writer(PromptConfig config) {
        return new PromptWriter(
                template(config.behaviorTemplate(), Task.BEHAVIOR), template(config.contentTemplate(), Task.CONTENT));
    }

    private static PromptTemplate template(Optional<Path> file, Task task) {
        return file.map(ConfiguredTemplates::read).orElseGet(() -> PromptTemplate.standard(task));
    }

    private static PromptTemplate read(Path file) {
        try {
            return PromptTemplate.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the prompt template " + file + " cannot be read", e);
        }
    }
}
