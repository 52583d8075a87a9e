package dev.plaudit.function;

/** Hears drafts while they are written. Called on the thread that writes, which waits. */
@FunctionalInterface
public interface DraftListener {
    /** Hears nothing. */
    DraftListener NONE = (draft, piece) -> {};

    /**
     * A draft goes on.
     *
     * @see dev.plaudit.events.DraftPiece
     */
    void wrote(int draft, String piece);
}
