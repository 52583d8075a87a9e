package dev.plaudit.training.likes;

import dev.plaudit.trees.CbmWriter;
import dev.plaudit.trees.ObliviousTrees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Boosting of oblivious trees over quantised features, as CatBoost grows them in its plain mode with the L2 score
 * (Prokhorenkova et al., NeurIPS 2018): every level takes the one split that serves all its leaves best. Written as
 * {@code .cbm} for CatBoost's own runtime.
 */
final class ObliviousTreesTrainer implements TreesTrainer {
    private static final int BORDERS = 128;
    private static final int BINS = QuantileBorders.MAX + 2;

    private final BoostingOptions options;
    private final List<String> featureNames;

    ObliviousTreesTrainer(BoostingOptions options, List<String> featureNames) {
        this.options = options;
        this.featureNames = List.copyOf(featureNames);
    }

    @Override
    public int bestTreeCount(RegressionRows rows, RegressionRows validation) {
        Boosting boosting = new Boosting(rows);
        double[] errors = new double[validation.size()];
        Arrays.setAll(errors, i -> validation.targets()[i] - boosting.bias);
        EarlyStopping stopping = new EarlyStopping(options.patience());
        for (int count = 1; count <= options.maxTrees(); count++) {
            ObliviousTrees.Tree tree = boosting.grow();
            double sum = 0;
            for (int i = 0; i < errors.length; i++) {
                errors[i] -= tree.leafValues()[tree.leaf(validation.values()[i], boosting.borders)];
                sum += errors[i] * errors[i];
            }
            if (stopping.stop(count, sum)) {
                break;
            }
        }
        return stopping.best();
    }

    @Override
    public byte[] train(RegressionRows rows, int trees) {
        return CbmWriter.write(grow(rows, trees));
    }

    ObliviousTrees grow(RegressionRows rows, int trees) {
        Boosting boosting = new Boosting(rows);
        List<ObliviousTrees.Tree> grown = new ArrayList<>(trees);
        for (int i = 0; i < trees; i++) {
            grown.add(boosting.grow());
        }
        return new ObliviousTrees(featureNames, boosting.borders, grown, boosting.bias);
    }

    @Override
    public String fileExtension() {
        return "cbm";
    }

    private record Split(int feature, int border, double score) {
        static final Split NONE = new Split(-1, -1, Double.NEGATIVE_INFINITY);

        /** Ties go to the first feature, whatever the order in which threads finish. */
        static Split better(Split first, Split second) {
            boolean wins =
                    second.score > first.score || (second.score == first.score && second.feature < first.feature);
            return wins ? second : first;
        }
    }

    /** The state between two trees: what each row still lacks. */
    private final class Boosting {
        private final float[][] borders;
        private final byte[][] bins;
        private final double bias;
        private final double[] residuals;
        private final int[] leaves;
        private final SplittableRandom random = new SplittableRandom(options.seed());

        Boosting(RegressionRows rows) {
            borders = new float[rows.features()][];
            bins = new byte[rows.features()][rows.size()];
            IntStream.range(0, rows.features()).parallel().forEach(feature -> {
                float[] column = new float[rows.size()];
                for (int i = 0; i < column.length; i++) {
                    column[i] = rows.values()[i][feature];
                }
                borders[feature] = QuantileBorders.of(column, BORDERS);
                for (int i = 0; i < column.length; i++) {
                    bins[feature][i] = (byte) QuantileBorders.bin(borders[feature], column[i]);
                }
            });
            bias = Arrays.stream(rows.targets()).average().orElseThrow();
            residuals = new double[rows.size()];
            Arrays.setAll(residuals, i -> rows.targets()[i] - bias);
            leaves = new int[rows.size()];
        }

        /** Grows the next tree and takes its answers off the residuals. */
        ObliviousTrees.Tree grow() {
            Arrays.fill(leaves, 0);
            int[] sample = sample(residuals.length, options.rowShare());
            int[] features = new int[options.depth()];
            int[] splits = new int[options.depth()];
            int depth = 0;
            while (depth < options.depth()) {
                Split split = bestSplit(sample, depth);
                if (split.feature < 0) {
                    break;
                }
                features[depth] = split.feature;
                splits[depth] = split.border;
                byte[] column = bins[split.feature];
                for (int i = 0; i < leaves.length; i++) {
                    if ((column[i] & 0xff) > split.border) {
                        leaves[i] |= 1 << depth;
                    }
                }
                depth++;
            }
            return tree(Arrays.copyOf(features, depth), Arrays.copyOf(splits, depth));
        }

        private ObliviousTrees.Tree tree(int[] features, int[] splits) {
            double[] values = new double[1 << features.length];
            double[] weights = new double[values.length];
            for (int i = 0; i < leaves.length; i++) {
                values[leaves[i]] += residuals[i];
                weights[leaves[i]]++;
            }
            for (int leaf = 0; leaf < values.length; leaf++) {
                values[leaf] =
                        weights[leaf] == 0 ? 0 : options.learningRate() * values[leaf] / (weights[leaf] + options.l2());
            }
            for (int i = 0; i < leaves.length; i++) {
                residuals[i] -= values[leaves[i]];
            }
            return new ObliviousTrees.Tree(features, splits, values, weights);
        }

        private Split bestSplit(int[] sample, int depth) {
            return Arrays.stream(sample(borders.length, options.featureShare()))
                    .parallel()
                    .mapToObj(feature -> bestSplit(feature, sample, 1 << depth))
                    .reduce(Split.NONE, Split::better);
        }

        /** The border that maximises the sum over the leaves' halves of G²/(n + λ), G the sum of the residuals. */
        private Split bestSplit(int feature, int[] sample, int leafCount) {
            int candidates = borders[feature].length;
            if (candidates == 0) {
                return Split.NONE;
            }
            double[] sums = new double[leafCount * BINS];
            int[] counts = new int[leafCount * BINS];
            byte[] column = bins[feature];
            for (int row : sample) {
                int cell = leaves[row] * BINS + (column[row] & 0xff);
                sums[cell] += residuals[row];
                counts[cell]++;
            }
            double[] scores = new double[candidates];
            for (int leaf = 0; leaf < leafCount; leaf++) {
                addScores(scores, sums, counts, leaf * BINS);
            }
            int best = 0;
            for (int border = 1; border < candidates; border++) {
                if (scores[border] > scores[best]) {
                    best = border;
                }
            }
            return new Split(feature, best, scores[best]);
        }

        private void addScores(double[] scores, double[] sums, int[] counts, int first) {
            double total = 0;
            int rows = 0;
            for (int bin = 0; bin <= scores.length; bin++) {
                total += sums[first + bin];
                rows += counts[first + bin];
            }
            double left = 0;
            int leftRows = 0;
            for (int border = 0; border < scores.length; border++) {
                left += sums[first + border];
                leftRows += counts[first + border];
                scores[border] += gain(left, leftRows) + gain(total - left, rows - leftRows);
            }
        }

        private double gain(double sum, int rows) {
            return rows == 0 ? 0 : sum * sum / (rows + options.l2());
        }

        /** So large a share of the numbers below n, ascending, at least one. */
        private int[] sample(int n, double share) {
            if (share == 1) {
                return IntStream.range(0, n).toArray();
            }
            int wanted = Math.max(1, (int) Math.round(n * share));
            int[] chosen = new int[wanted];
            int taken = 0;
            for (int i = 0; taken < wanted; i++) {
                if (random.nextInt(n - i) < wanted - taken) {
                    chosen[taken++] = i;
                }
            }
            return chosen;
        }
    }
}
