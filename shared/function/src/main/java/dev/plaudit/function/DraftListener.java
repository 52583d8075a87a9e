package dev.plaudit.function;

/** Hears drafts while they are written. Called on the thread that writes, which waits. */
@FunctionalInterface
public interface DraftListener {
    /** Hears nothing. */
    DraftListener NONE = (draft, piece) -> {};

    /**
     * A draft goes on. All its pieces one after another are its text, but for the blanks around it.
     *
     * @param draft which of those that are written at once, from 0
     * @param piece never empty
     */
    void wrote(int draft, String piece);
}
