package dev.plaudit.trees;

import java.util.Arrays;

/**
 * Exact Shapley values of oblivious trees, by their definition: a tree of depth d asks about k ≤ d features, so 2^k
 * coalitions say everything about it. The value of a coalition is the path-dependent expectation of Lundberg et al. 2020,
 * algorithm 1: a question about a feature outside the coalition is answered both ways, each by its share of the training
 * rows. The tree's last question is the root, as in CatBoost's own SHAP values.
 */
final class ObliviousShap {
    private final ObliviousTrees.Tree tree;
    private final int[] players;
    private final int[] playerOfLevel;
    private final double[] weights;

    private ObliviousShap(ObliviousTrees.Tree tree) {
        this.tree = tree;
        this.players = Arrays.stream(tree.features()).distinct().toArray();
        this.playerOfLevel = new int[tree.depth()];
        for (int level = 0; level < tree.depth(); level++) {
            int player = 0;
            while (players[player] != tree.features()[level]) {
                player++;
            }
            playerOfLevel[level] = player;
        }
        this.weights = nodeWeights(tree);
    }

    /** One value per feature, then the expected prediction. */
    static double[] values(ObliviousTrees trees, float[] row) {
        double[] values = new double[trees.featureCount() + 1];
        values[trees.featureCount()] = trees.bias();
        for (ObliviousTrees.Tree tree : trees.trees()) {
            new ObliviousShap(tree).addTo(values, tree.leaf(row, trees.borders()));
        }
        return values;
    }

    private void addTo(double[] values, int leaf) {
        double[] coalitions = new double[1 << players.length];
        for (int coalition = 0; coalition < coalitions.length; coalition++) {
            coalitions[coalition] = expectation(coalition, leaf, 1, tree.depth() - 1);
        }
        values[values.length - 1] += coalitions[0];
        double[] shares = shares(players.length);
        for (int player = 0; player < players.length; player++) {
            int bit = 1 << player;
            double value = 0;
            for (int coalition = 0; coalition < coalitions.length; coalition++) {
                if ((coalition & bit) == 0) {
                    value +=
                            shares[Integer.bitCount(coalition)] * (coalitions[coalition | bit] - coalitions[coalition]);
                }
            }
            values[players[player]] += value;
        }
    }

    /** The expectation below a node (heap index, root 1) whose question is that of {@code level}. */
    private double expectation(int coalition, int leaf, int node, int level) {
        if (level < 0) {
            return tree.leafValues()[node - tree.leafValues().length];
        }
        int left = 2 * node;
        if ((coalition >> playerOfLevel[level] & 1) == 1) {
            return expectation(coalition, leaf, left + (leaf >> level & 1), level - 1);
        }
        double right = weights[node] > 0 ? weights[left + 1] / weights[node] : 0.5;
        double sum = 0;
        if (right < 1) {
            sum += (1 - right) * expectation(coalition, leaf, left, level - 1);
        }
        if (right > 0) {
            sum += right * expectation(coalition, leaf, left + 1, level - 1);
        }
        return sum;
    }

    /** As a heap: leaf i at 2^d + i, every inner node the sum of its two children. */
    private static double[] nodeWeights(ObliviousTrees.Tree tree) {
        int leaves = tree.leafWeights().length;
        double[] weights = new double[2 * leaves];
        System.arraycopy(tree.leafWeights(), 0, weights, leaves, leaves);
        for (int node = leaves - 1; node > 0; node--) {
            weights[node] = weights[2 * node] + weights[2 * node + 1];
        }
        return weights;
    }

    /** Shapley's share |S|!(k-|S|-1)!/k! by the coalition's size. */
    private static double[] shares(int players) {
        double[] shares = new double[players];
        double binomial = 1;
        for (int size = 0; size < players; size++) {
            shares[size] = 1 / (players * binomial);
            binomial = binomial * (players - 1 - size) / (size + 1);
        }
        return shares;
    }
}
