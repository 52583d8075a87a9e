package dev.plaudit.trees;

/** A model that cannot be used: unreadable, damaged, or not made for what is asked of it. The message says why. */
public final class TreeModelException extends RuntimeException {
    public TreeModelException(String message) {
        super(message);
    }

    public TreeModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
