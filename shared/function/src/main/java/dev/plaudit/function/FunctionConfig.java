package dev.plaudit.function;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What holds for every function alike, {@code plaudit.function.*}. */
@ConfigMapping(prefix = "plaudit.function")
public interface FunctionConfig {
    /** How many events a function may have in hand; one more is refused at once. */
    @WithDefault("128")
    int maxInFlight();
}
