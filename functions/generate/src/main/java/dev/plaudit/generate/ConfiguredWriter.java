package dev.plaudit.generate;

import dev.plaudit.events.Step;
import dev.plaudit.function.HeadStart;
import dev.plaudit.function.ModelLoading;
import dev.plaudit.inference.NativeLibraries;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredWriter {
    void begin(@Observes @Initialized(ApplicationScoped.class) Object beans) {
        HeadStart.begin(NativeLibraries::loadAll);
    }

    @Produces
    @Singleton
    @Startup
    PostWriter open(GenerateConfig config) {
        return ModelLoading.measured(Step.GENERATE, () -> PostWriter.open(config), PostWriter::device);
    }

    void close(@Disposes PostWriter writer) {
        writer.close();
    }
}
