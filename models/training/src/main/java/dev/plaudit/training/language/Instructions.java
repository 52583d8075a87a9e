package dev.plaudit.training.language;

/** Instructions to learn from or to measure on. */
public interface Instructions {
    int size();

    /**
     * One of them. Training asks anew in every epoch, so it may differ from epoch to epoch, with parts of the prompt left
     * out for instance; the same index and epoch must always give the same, or training cannot be repeated.
     *
     * @param index 0 to {@link #size()} - 1
     * @param epoch 0, 1, …; validation always asks for epoch 0
     */
    Instruction get(int index, int epoch);
}
