package dev.plaudit.prompt;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The prompt function's settings, {@code plaudit.prompt.*}. */
@ConfigMapping(prefix = "plaudit.prompt")
public interface PromptConfig {
    /** A file with the template of behavior simulation; default: the one the shipped models were trained with. */
    Optional<Path> behaviorTemplate();

    /** A file with the template of content simulation; default: the one the shipped models were trained with. */
    Optional<Path> contentTemplate();
}
