package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObliviousShapTest {
    @Test
    void equalsTheAverageOverAllOrdersInWhichFeaturesBecomeKnown() {
        Random random = new Random(5);
        for (int depth = 1; depth <= 5; depth++) {
            ObliviousTrees trees = TreeFixtures.obliviousTrees(random, 4, 3, depth);
            for (float[] row : TreeFixtures.rows(random, trees, 20)) {
                assertThat(ObliviousShap.values(trees, row)).containsExactly(overAllOrders(trees, row), within(1e-12));
            }
        }
    }

    @Test
    void oneQuestionMovesThePredictionFromTheWeightedMeanToItsLeaf() {
        var tree = new ObliviousTrees.Tree(new int[] {1}, new int[] {0}, new double[] {10, 30}, new double[] {3, 1});
        var trees = new ObliviousTrees(List.of("idle", "asked"), new float[][] {{}, {0.5f}}, List.of(tree), 100);
        assertThat(ObliviousShap.values(trees, new float[] {7, 1})).containsExactly(0, 15, 115);
        assertThat(ObliviousShap.values(trees, new float[] {7, Float.NaN})).containsExactly(0, -5, 115);
    }

    private static double[] overAllOrders(ObliviousTrees trees, float[] row) {
        int features = trees.featureCount();
        List<List<Integer>> orders = new ArrayList<>();
        permute(new ArrayList<>(), features, orders);
        double[] values = new double[features + 1];
        values[features] = expectation(trees, row, new boolean[features]);
        for (List<Integer> order : orders) {
            boolean[] known = new boolean[features];
            double before = expectation(trees, row, known);
            for (int feature : order) {
                known[feature] = true;
                double after = expectation(trees, row, known);
                values[feature] += (after - before) / orders.size();
                before = after;
            }
        }
        return values;
    }

    private static void permute(List<Integer> order, int n, List<List<Integer>> orders) {
        if (order.size() == n) {
            orders.add(List.copyOf(order));
            return;
        }
        for (int i = 0; i < n; i++) {
            if (!order.contains(i)) {
                order.add(i);
                permute(order, n, orders);
                order.removeLast();
            }
        }
    }

    private static double expectation(ObliviousTrees trees, float[] row, boolean[] known) {
        return trees.bias()
                + trees.trees().stream()
                        .mapToDouble(tree -> below(tree, trees.borders(), row, known, 0, tree.leafValues().length))
                        .sum();
    }

    /** The mean over the leaves from {@code first} on, the last question first. */
    private static double below(
            ObliviousTrees.Tree tree, float[][] borders, float[] row, boolean[] known, int first, int count) {
        if (count == 1) {
            return tree.leafValues()[first];
        }
        int half = count / 2;
        int level = Integer.numberOfTrailingZeros(half);
        int feature = tree.features()[level];
        double left = below(tree, borders, row, known, first, half);
        double right = below(tree, borders, row, known, first + half, half);
        if (known[feature]) {
            return row[feature] > borders[feature][tree.splits()[level]] ? right : left;
        }
        double all = weight(tree, first, count);
        double share = all == 0 ? 0.5 : weight(tree, first + half, half) / all;
        return (1 - share) * left + share * right;
    }

    private static double weight(ObliviousTrees.Tree tree, int first, int count) {
        return Arrays.stream(tree.leafWeights(), first, first + count).sum();
    }
}
