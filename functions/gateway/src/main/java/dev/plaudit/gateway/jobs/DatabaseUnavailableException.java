package dev.plaudit.gateway.jobs;

/** The database of jobs cannot be reached now. */
public final class DatabaseUnavailableException extends RuntimeException {
    DatabaseUnavailableException(Throwable cause) {
        super("the database of jobs cannot be reached", cause);
    }
}
