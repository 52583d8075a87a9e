package dev.plaudit.caption;

import dev.plaudit.events.Step;
import dev.plaudit.function.HeadStart;
import dev.plaudit.function.ModelLoading;
import dev.plaudit.inference.NativeLibraries;
import dev.plaudit.media.MediaConfig;
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
class ConfiguredCaptioner {
    void begin(@Observes @Initialized(ApplicationScoped.class) Object beans) {
        HeadStart.begin(NativeLibraries::loadAll);
    }

    @Produces
    @Singleton
    @Startup
    PictureCaptioner open(CaptionConfig config, MediaConfig media) {
        PictureCaptioner captioner = ModelLoading.measured(
                Step.CAPTION, () -> PictureCaptioner.open(config, media), PictureCaptioner::device);
        Metrics.gauge(
                "plaudit.queue",
                List.of(Tag.of("step", Step.CAPTION.function())),
                captioner,
                PictureCaptioner::waiting);
        return captioner;
    }

    void close(@Disposes PictureCaptioner captioner) {
        captioner.close();
    }
}
