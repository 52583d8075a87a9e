package dev.plaudit.media;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The settings as a deployment without any has them, but for those given. */
final class MediaSettings {
    private MediaSettings() {}

    static MediaConfig of(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(settings)
                .withMapping(MediaConfig.class)
                .build()
                .getConfigMapping(MediaConfig.class);
    }
}
