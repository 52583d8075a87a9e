package dev.plaudit.classify;

import dev.plaudit.events.Step;
import dev.plaudit.function.HeadStart;
import dev.plaudit.function.ModelLoading;
import dev.plaudit.inference.NativeLibraries;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredClassifier {
    void begin(@Observes @Initialized(ApplicationScoped.class) Object beans) {
        HeadStart.begin(NativeLibraries::loadAll);
    }

    @Produces
    @Singleton
    @Startup
    BucketClassifier open(ClassifyConfig config) {
        BucketClassifier classifier =
                ModelLoading.measured(Step.CLASSIFY, () -> BucketClassifier.open(config), BucketClassifier::device);
        Metrics.gauge(
                "plaudit.queue",
                List.of(Tag.of("step", Step.CLASSIFY.function())),
                classifier,
                BucketClassifier::waiting);
        return classifier;
    }

    void close(@Disposes BucketClassifier classifier) {
        classifier.close();
    }
}
