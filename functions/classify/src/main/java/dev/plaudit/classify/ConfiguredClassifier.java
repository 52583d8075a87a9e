package dev.plaudit.classify;

import dev.plaudit.inference.InferenceOptions;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredClassifier {
    @Produces
    @Singleton
    @Startup
    BucketClassifier open(ClassifyConfig config) {
        InferenceOptions options = new InferenceOptions(
                config.precision(),
                config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                config.spinning(),
                config.maxTokens());
        return BucketClassifier.open(
                config.model(), options, config.batchWindow(), config.maxBatch(), config.maxQueue());
    }

    void close(@Disposes BucketClassifier classifier) {
        classifier.close();
    }
}
