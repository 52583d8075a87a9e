package dev.plaudit.training.likes;

/** Boosts regression trees on squared error. The same rows, options and seed give the same bytes. */
sealed interface TreesTrainer permits XgboostTrainer, ObliviousTreesTrainer {

    /**
     * How many trees do best on rows that they were not grown on, by early stopping.
     *
     * @return 1 to {@link BoostingOptions#maxTrees()}
     */
    int bestTreeCount(RegressionRows rows, RegressionRows validation);

    /**
     * Grows so many trees.
     *
     * @return a model file, as {@link #fileExtension()} says
     */
    byte[] train(RegressionRows rows, int trees);

    /** {@code ubj} or {@code cbm}. */
    String fileExtension();
}
