package dev.plaudit.gateway;

import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.gateway.StepUnavailableException.Reason;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Stands between callers and the trouble of one function: calls again what may pass, and leaves the function alone for
 * a while when half of its calls fail. A function that is busy is not taken for one that fails. Thread-safe.
 */
final class StepGuard {
    private static final Set<Reason> FAILING = EnumSet.of(Reason.LATE, Reason.UNREACHABLE, Reason.BROKEN);
    /** Calls, tries again included, that the share of failures is taken of. */
    private static final int WINDOW = 20;

    private final Step step;
    private final Duration circuitDelay;
    private final TypedGuard<CloudEvent<Simulation>> guard;

    StepGuard(Step step, int retries, Duration circuitDelay) {
        this.step = step;
        this.circuitDelay = circuitDelay;
        this.guard = TypedGuard.create(new TypeLiteral<CloudEvent<Simulation>>() {})
                .withDescription("step " + step.function())
                .withRetry()
                .maxRetries(retries)
                .maxDuration(0, ChronoUnit.MILLIS)
                .whenException(failure -> failure instanceof StepUnavailableException e && e.mayPass())
                .withCustomBackoff()
                .strategy(Backoff::new)
                .done()
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(0.5)
                .delay(circuitDelay.toMillis(), ChronoUnit.MILLIS)
                .when(failure -> failure instanceof StepUnavailableException e && FAILING.contains(e.reason()))
                .done()
                .build();
    }

    /** @throws StepUnavailableException the last one that the call threw, or that it was not tried at all */
    CloudEvent<Simulation> call(Callable<CloudEvent<Simulation>> call) {
        try {
            return guard.call(call);
        } catch (CircuitBreakerOpenException e) {
            throw new StepUnavailableException(
                    step,
                    Reason.LEFT_ALONE,
                    "failed too often and is left alone for a while",
                    circuitDelay,
                    Instant.MIN,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("nobody waits for the step " + step.function() + " any more");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits that triple, give or take a half, so that callers who failed together do not come back together. */
    private static final class Backoff implements CustomBackoffStrategy {
        private double millis = 100;

        @Override
        public long nextDelayInMillis(Throwable failure) {
            long wait = (long) (millis * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
            millis *= 3;
            return failure instanceof StepUnavailableException e
                    ? e.retryAfter().toMillis() + wait
                    : wait;
        }
    }
}
