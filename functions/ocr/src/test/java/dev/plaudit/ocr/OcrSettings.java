package dev.plaudit.ocr;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The function's settings as a deployment without any has them, but for those given. */
final class OcrSettings {
    private OcrSettings() {}

    static OcrConfig of(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(settings)
                .withMapping(OcrConfig.class)
                .build()
                .getConfigMapping(OcrConfig.class);
    }
}
