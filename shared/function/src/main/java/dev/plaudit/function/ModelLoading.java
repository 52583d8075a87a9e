package dev.plaudit.function;

import dev.plaudit.events.Step;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Opens the model of a step and lets the metrics tell how long that took: {@code plaudit.model.load}, in seconds. */
public final class ModelLoading {
    private ModelLoading() {}

    /**
     * Opens a model.
     *
     * @param open opens and warms it up
     * @param device tells where it runs, as in {@link dev.plaudit.events.Usage#device()}
     */
    public static <M> M measured(Step step, Supplier<M> open, Function<M, String> device) {
        long start = System.nanoTime();
        M model = open.get();
        double seconds = Duration.ofNanos(System.nanoTime() - start).toNanos() / 1e9;
        Gauge.builder("plaudit.model.load", () -> seconds)
                .description("How long the model took to open and to warm up")
                .baseUnit("seconds")
                .tag("step", step.function())
                .tag("device", device.apply(model))
                .register(Metrics.globalRegistry);
        return model;
    }
}
