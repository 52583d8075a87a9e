package dev.plaudit.gateway;

import dev.plaudit.events.Step;

/** A step did not answer, or not in time. */
public final class StepUnavailableException extends RuntimeException {
    private final boolean timeout;

    StepUnavailableException(Step step, String reason, boolean timeout, Throwable cause) {
        super("the step " + step.function() + " " + reason, cause);
        this.timeout = timeout;
    }

    /** True when time ran out, false when the step is unreachable or answered with an error. */
    public boolean isTimeout() {
        return timeout;
    }
}
