package dev.plaudit.regress;

import dev.plaudit.events.Step;
import dev.plaudit.function.HeadStart;
import dev.plaudit.function.ModelLoading;
import dev.plaudit.trees.NativeLibraries;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredRegressor {
    void begin(@Observes @Initialized(ApplicationScoped.class) Object beans) {
        HeadStart.begin(NativeLibraries::load);
    }

    @Produces
    @Singleton
    @Startup
    LikesRegressor open(RegressConfig config) {
        return ModelLoading.measured(Step.REGRESS, () -> LikesRegressor.open(config.model()), regressor -> "cpu");
    }

    void close(@Disposes LikesRegressor regressor) {
        regressor.close();
    }
}
