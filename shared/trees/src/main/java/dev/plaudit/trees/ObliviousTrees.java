package dev.plaudit.trees;

import java.util.List;

/**
 * Boosted oblivious (symmetric) trees over float features, the model of Prokhorenkova et al., "CatBoost: unbiased boosting
 * with categorical features", NeurIPS 2018: every level of a tree asks one question of all its nodes.
 *
 * @param featureNames one per feature, in the order of a row
 * @param borders per feature, its thresholds, strictly ascending; empty for a feature that no tree asks about
 * @param trees in the order of training
 * @param bias added to the sum of the trees
 */
public record ObliviousTrees(List<String> featureNames, float[][] borders, List<Tree> trees, double bias) {

    /** The deepest tree that CatBoost knows: 16 levels. */
    public static final int MAX_DEPTH = 16;

    /**
     * One tree of depth d. Bit i of a leaf's index is the answer to question i: is the value above the border? A missing
     * value (NaN) is below every border.
     *
     * @param features d feature indices, the questions' subjects
     * @param splits d indices into that feature's borders
     * @param leafValues 2^d values
     * @param leafWeights 2^d sums of the training rows' weights
     */
    public record Tree(int[] features, int[] splits, double[] leafValues, double[] leafWeights) {
        public Tree {
            int leaves = 1 << features.length;
            if (features.length > MAX_DEPTH) {
                throw new IllegalArgumentException("A tree has at most %d levels.".formatted(MAX_DEPTH));
            }
            if (splits.length != features.length || leafValues.length != leaves || leafWeights.length != leaves) {
                throw new IllegalArgumentException(
                        "A tree of depth %d needs as many splits, and %d leaves.".formatted(features.length, leaves));
            }
        }

        /** How many questions the tree asks. */
        public int depth() {
            return features.length;
        }

        /** The index of the leaf that a row falls into. */
        public int leaf(float[] row, float[][] borders) {
            int leaf = 0;
            for (int level = 0; level < features.length; level++) {
                if (row[features[level]] > borders[features[level]][splits[level]]) {
                    leaf |= 1 << level;
                }
            }
            return leaf;
        }
    }

    /** Copies the lists; the arrays are the caller's to leave alone. */
    public ObliviousTrees {
        featureNames = List.copyOf(featureNames);
        trees = List.copyOf(trees);
        if (featureNames.size() != borders.length) {
            throw new IllegalArgumentException("There must be one name per feature.");
        }
        for (Tree tree : trees) {
            for (int level = 0; level < tree.depth(); level++) {
                int feature = tree.features[level];
                if (feature < 0 || feature >= borders.length) {
                    throw new IllegalArgumentException(
                            "A tree asks about feature %d of %d.".formatted(feature, borders.length));
                }
                if (tree.splits[level] < 0 || tree.splits[level] >= borders[feature].length) {
                    throw new IllegalArgumentException("A tree asks about border %d of %d."
                            .formatted(tree.splits[level], borders[feature].length));
                }
            }
        }
    }

    /** How many values a row has. */
    public int featureCount() {
        return borders.length;
    }

    /** The prediction for one row of {@link #featureCount()} values, NaN where missing. */
    public double predict(float[] row) {
        double sum = bias;
        for (Tree tree : trees) {
            sum += tree.leafValues[tree.leaf(row, borders)];
        }
        return sum;
    }
}
