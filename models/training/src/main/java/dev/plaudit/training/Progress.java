package dev.plaudit.training;

/** Is told how far a long task has come. */
@FunctionalInterface
public interface Progress {
    /**
     * Called now and then, from the thread that works.
     *
     * @param stage what is being done, a few words
     * @param fraction how much of that stage is done, 0 to 1
     * @param detail a figure worth showing, as a loss; may be empty
     */
    void update(String stage, double fraction, String detail);
}
