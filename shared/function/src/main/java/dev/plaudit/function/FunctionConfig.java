package dev.plaudit.function;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalLong;

/** What holds for every function alike, {@code plaudit.function.*}. */
@ConfigMapping(prefix = "plaudit.function")
public interface FunctionConfig {
    /** How many events a function may have in hand; one more is refused at once. */
    @WithDefault("128")
    int maxInFlight();

    /**
     * How many bytes the events that a function has in hand may have together; one alone may have more. By default a tenth
     * of the heap: each is in it as it came, as a document, and as its answer.
     */
    OptionalLong maxInFlightBytes();
}
