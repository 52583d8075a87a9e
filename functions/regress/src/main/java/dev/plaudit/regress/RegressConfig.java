package dev.plaudit.regress;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The regress function's settings, {@code plaudit.regress.*}. */
@ConfigMapping(prefix = "plaudit.regress")
public interface RegressConfig {
    /** The likes model's folder. */
    @WithDefault("${plaudit.home}/models/pretrained/likes")
    Path model();
}
