package dev.plaudit.prompt;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Reads the deployment's templates, once. */
@Singleton
class ConfiguredTemplates {
    @Produces
    @Singleton
    PromptWriter writer(PromptConfig config) {
        return PromptWriter.of(config);
    }
}
