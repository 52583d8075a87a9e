package dev.plaudit.classify;

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
        return BucketClassifier.open(config);
    }

    void close(@Disposes BucketClassifier classifier) {
        classifier.close();
    }
}
