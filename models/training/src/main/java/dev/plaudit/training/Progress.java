package dev.plaudit.training;

/** Hears how far a training has come. Called on the training thread, at least once a second while work goes on. */
@FunctionalInterface
public interface Progress {

    /**
     * @param stage what is being done, a few words
     * @param fraction how much of the stage is done, 0 to 1
     * @param detail figures worth showing beside it, such as the loss; may be empty
     */
    void update(String stage, double fraction, String detail);
}
