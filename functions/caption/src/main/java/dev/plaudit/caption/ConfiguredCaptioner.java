package dev.plaudit.caption;

import dev.plaudit.media.MediaConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Opens the deployment's model when the function starts, so that it is ready only with it. */
@Singleton
class ConfiguredCaptioner {
    @Produces
    @Singleton
    @Startup
    PictureCaptioner open(CaptionConfig config, MediaConfig media) {
        return PictureCaptioner.open(config, media);
    }

    void close(@Disposes PictureCaptioner captioner) {
        captioner.close();
    }
}
