package dev.plaudit.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a job is. */
public enum JobState {
    /** Posts of it are yet to end. */
    RUNNING,
    /** All its posts have ended, well or not. */
    DONE,
    /** It was called off; posts that had not ended never will. */
    CANCELLED;

    @JsonValue
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
