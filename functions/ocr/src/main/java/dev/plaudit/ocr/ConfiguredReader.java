package dev.plaudit.ocr;

import dev.plaudit.media.MediaConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's models when the function starts, so that it is ready only with them. */
@Singleton
class ConfiguredReader {
    @Produces
    @Singleton
    @Startup
    SightReader open(OcrConfig config, MediaConfig media) {
        return SightReader.open(config, media);
    }

    void close(@Disposes SightReader reader) {
        reader.close();
    }
}
