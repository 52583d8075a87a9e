package dev.plaudit.training.text;

/** Labelled texts to train or validate on. */
public interface Examples {

    /** How many there are; at least one. */
    int size();

    /**
     * The text of an example. Training asks anew in every epoch, so a text may differ from epoch to epoch, with parts
     * left out for instance; the same index and epoch must always give the same text, or training cannot be repeated.
     *
     * @param index 0 to {@link #size()} - 1
     * @param epoch 0, 1, …; validation always asks for epoch 0
     */
    String text(int index, int epoch);

    /**
     * What the classifier should answer: one probability a label, together 1. A hard label is a single 1; spreading
     * some of it over neighbouring labels tells the classifier that they are ordered. The greatest one counts as the
     * true label where accuracy is measured.
     */
    float[] target(int index);
}
