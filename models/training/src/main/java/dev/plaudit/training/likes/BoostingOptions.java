package dev.plaudit.training.likes;

/**
 * How trees are boosted.
 *
 * @param maxTrees the most trees to grow
 * @param depth levels of a tree, 1 to 16
 * @param learningRate the share of each tree's answer that counts, above 0 to 1
 * @param l2 added to the weight of a leaf, so that small leaves say less
 * @param rowShare the share of the rows that choose a tree's splits, above 0 to 1
 * @param featureShare the share of the features offered, above 0 to 1: to each level of an oblivious tree, to each tree of
 *     XGBoost
 * @param patience early stopping: trees without a better validation error before growing ends
 * @param seed of the sampling; the same seed gives the same trees
 */
public record BoostingOptions(
        int maxTrees,
        int depth,
        double learningRate,
        double l2,
        double rowShare,
        double featureShare,
        int patience,
        long seed) {

    public BoostingOptions {
        require(maxTrees > 0, "There must be at least one tree.");
        require(depth >= 1 && depth <= 16, "The depth must be 1 to 16.");
        require(learningRate > 0 && learningRate <= 1, "The learning rate must be above 0 and at most 1.");
        require(l2 >= 0, "The L2 regularisation must not be negative.");
        require(rowShare > 0 && rowShare <= 1, "The share of the rows must be above 0 and at most 1.");
        require(featureShare > 0 && featureShare <= 1, "The share of the features must be above 0 and at most 1.");
        require(patience > 0, "The patience must be at least one tree.");
    }

    /** What suits ten thousand rows and more with some dozens of features. */
    public static BoostingOptions ofManyRows(long seed) {
        return new BoostingOptions(1000, 5, 0.03, 20, 0.8, 0.4, 50, seed);
    }

    /** What suits some thousand rows with some dozens of features and an embedding. */
    public static BoostingOptions defaults(long seed) {
        return new BoostingOptions(1000, 3, 0.05, 20, 0.8, 1, 50, seed);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
