package dev.plaudit.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far the telling of a job's end is. */
public enum WebhookState {
    /** The job has not ended, or the receiver has yet to take it. */
    WAITING,
    /** The receiver took it. */
    DELIVERED,
    /** The receiver did not take it, and is not asked again. */
    GIVEN_UP;

    @JsonValue
    public String value() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
