package dev.plaudit.function;

/** An event whose data is in no form that a function reads: 415. */
public final class UnsupportedContentException extends RuntimeException {
    UnsupportedContentException(String contentType) {
        super("was " + contentType);
    }
}
