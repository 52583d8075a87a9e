package dev.plaudit.prompt;

import dev.plaudit.events.Task;
import dev.plaudit.features.PromptTemplate;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The prompt function's settings, {@code plaudit.prompt.*}. */
@ConfigMapping(prefix = "plaudit.prompt")
public interface PromptConfig {
    /** A file with the template of behavior simulation; default: the one the shipped models were trained with. */
    Optional<Path> behaviorTemplate();

    /** A file with the template of content simulation; default: the one the shipped models were trained with. */
    Optional<Path> contentTemplate();

    /** Reads the templates, once. */
    @Singleton
    class Templates {
        @Produces
        @Singleton
        PromptWriter writer(PromptConfig config) {
            return new PromptWriter(
                    template(config.behaviorTemplate(), Task.BEHAVIOR),
                    template(config.contentTemplate(), Task.CONTENT));
        }

        private static PromptTemplate template(Optional<Path> file, Task task) {
            return file.map(Templates::read).orElseGet(() -> PromptTemplate.standard(task));
        }

        private static PromptTemplate read(Path file) {
            try {
                return PromptTemplate.parse(Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException("the prompt template " + file + " cannot be read", e);
            }
        }
    }
}
