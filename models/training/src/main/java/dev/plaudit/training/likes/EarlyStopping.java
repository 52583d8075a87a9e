package dev.plaudit.training.likes;

/** Remembers the tree count with the lowest error, and when to stop hoping. */
final class EarlyStopping {
    private final int patience;
    private double lowest = Double.POSITIVE_INFINITY;
    private int best;

    EarlyStopping(int patience) {
        this.patience = patience;
    }

    /** Takes the error after so many trees; true when growing should end. */
    boolean stop(int trees, double error) {
        if (error < lowest) {
            lowest = error;
            best = trees;
        }
        return trees - best >= patience;
    }

    /** The tree count with the lowest error so far. */
    int best() {
        return best;
    }
}
