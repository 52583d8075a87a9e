package dev.plaudit.gateway.jobs;

/** A call under an idempotency key cannot be answered: the key is in use, or stands for another call. */
public final class IdempotencyException extends RuntimeException {
    private final int status;

    IdempotencyException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status that goes with it. */
    public int status() {
        return status;
    }
}
