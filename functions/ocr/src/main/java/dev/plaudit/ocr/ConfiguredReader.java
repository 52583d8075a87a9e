package dev.plaudit.ocr;

import dev.plaudit.events.Step;
import dev.plaudit.function.HeadStart;
import dev.plaudit.function.ModelLoading;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.media.MediaConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's models when the function starts, so that it is ready only with them. */
@Singleton
class ConfiguredReader {
    void begin(@Observes @Initialized(ApplicationScoped.class) Object beans) {
        HeadStart.begin(OnnxEnvironment::get);
    }

    @Produces
    @Singleton
    @Startup
    SightReader open(OcrConfig config, MediaConfig media) {
        return ModelLoading.measured(Step.OCR, () -> SightReader.open(config, media), SightReader::device);
    }

    void close(@Disposes SightReader reader) {
        reader.close();
    }
}
