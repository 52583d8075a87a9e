package dev.plaudit.local;

import dev.plaudit.caption.CaptionConfig;
import dev.plaudit.classify.ClassifyConfig;
import dev.plaudit.generate.GenerateConfig;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.ocr.OcrConfig;
import dev.plaudit.prompt.PromptConfig;
import dev.plaudit.regress.RegressConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/**
 * The functions' settings for a command, from where they always come: system properties and environment variables
 * ({@code PLAUDIT_CLASSIFY_MODEL}, …). Pictures may be files, since whoever calls a command may read them anyway.
 */
record Settings(SmallRyeConfig config) {
    static Settings read() {
        return new Settings(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredConverters()
                .withDefaultValue("plaudit.media.local-files", "true")
                .withMapping(CaptionConfig.class)
                .withMapping(PromptConfig.class)
                .withMapping(ClassifyConfig.class)
                .withMapping(RegressConfig.class)
                .withMapping(MediaConfig.class)
                .withMapping(OcrConfig.class)
                .withMapping(GenerateConfig.class)
                .withMappingIgnore("plaudit.**")
                .build());
    }

    /** The settings of one function, {@code type} being their mapping. */
    <T> T of(Class<T> type) {
        return config.getConfigMapping(type);
    }
}
