package dev.plaudit.tables;

/** A file that cannot be used as a table at all. The message is one sentence that names the file. */
public final class TableException extends RuntimeException {
    TableException(String message) {
        super(message);
    }

    TableException(String message, Throwable cause) {
        super(message, cause);
    }
}
