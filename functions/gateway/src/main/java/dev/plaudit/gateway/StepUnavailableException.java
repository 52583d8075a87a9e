package dev.plaudit.gateway;

import dev.plaudit.events.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** A step did not answer, or not in time. */
public final class StepUnavailableException extends RuntimeException {
    /** What kept a step from answering. */
    enum Reason {
        /** Time ran out. */
        LATE,
        /** It refused for lack of room. */
        BUSY,
        /** Nobody is there, or the connection broke. */
        UNREACHABLE,
        /** It answered with something that no function answers with. */
        BROKEN,
        /** It failed so often that it is left alone for a while. */
        LEFT_ALONE
    }

    private static final Set<Reason> PASSING = EnumSet.of(Reason.LATE, Reason.BUSY, Reason.UNREACHABLE);

    private final Reason reason;
    private final Duration retryAfter;
    private final Instant expiry;

    /**
     * @param retryAfter after how long another call may do better; zero when nobody said
     * @param expiry when the caller stops waiting
     */
    StepUnavailableException(
            Step step, Reason reason, String detail, Duration retryAfter, Instant expiry, Throwable cause) {
        this("the step " + step.function() + " " + detail, reason, retryAfter, expiry, cause);
    }

    private StepUnavailableException(
            String message, Reason reason, Duration retryAfter, Instant expiry, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.expiry = expiry;
    }

    /** One that no further call can change. */
    StepUnavailableException(Step step, Reason reason, String detail) {
        this(step, reason, detail, Duration.ZERO, Instant.MIN, null);
    }

    Reason reason() {
        return reason;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /** The same, but that no further call can change it. */
    StepUnavailableException forGood() {
        return new StepUnavailableException(getMessage(), reason, retryAfter, Instant.MIN, getCause());
    }

    /** Whether a further call may do better while the caller still waits. */
    boolean mayPass() {
        return PASSING.contains(reason) && Instant.now().plus(retryAfter).isBefore(expiry);
    }
}
