package dev.plaudit.regress;

import dev.plaudit.events.Step;
import dev.plaudit.function.ModelLoading;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredRegressor {
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
