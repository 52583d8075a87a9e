package dev.plaudit.training.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plaudit.events.LikeBucket;
import java.util.stream.IntStream;

/**
 * How good predicted likes are.
 *
 * @param n how many posts
 * @param rmseLikes root mean squared error, in likes
 * @param rmseLog root mean squared error of log1p(likes)
 * @param mae mean absolute error, in likes
 * @param bucketAccuracy the share of posts whose bucket is right, 0 to 1
 * @param macroF1 the mean F1 score of the buckets that occur, as truth or as prediction, 0 to 1
 * @param confusion posts by true bucket (rows) and predicted bucket (columns), 7 by 7
 * @param interval how the intervals did; null when none were predicted
 * @param calibration how honest the probabilities are; null when none were predicted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LikesMetrics(
        int n,
        double rmseLikes,
        double rmseLog,
        double mae,
        double bucketAccuracy,
        double macroF1,
        int[][] confusion,
        Interval interval,
        Calibration calibration) {

    /**
     * @param coverage the share of posts whose likes lie inside, 0 to 1
     * @param meanLogWidth the mean of log1p(high) - log1p(low)
     * @param coverageByBucket the coverage among the posts of each true bucket; NaN where there are none
     */
    public record Interval(double coverage, double meanLogWidth, double[] coverageByBucket) {}

    /**
     * The metrics of a model that predicts likes, an interval and bucket probabilities. All arrays have one entry per post.
     *
     * @param low the intervals' lower ends
     * @param high the intervals' upper ends, included
     * @param probabilities seven per post
     * @param predictedBuckets 1 to 7
     * @throws IllegalArgumentException when the arrays are empty or not as many
     */
    public static LikesMetrics of(
            int[] trueLikes,
            int[] predictedLikes,
            int[] low,
            int[] high,
            double[][] probabilities,
            int[] predictedBuckets) {
        requireAsMany(
                trueLikes.length,
                predictedLikes.length,
                low.length,
                high.length,
                probabilities.length,
                predictedBuckets.length);
        return of(
                trueLikes,
                predictedLikes,
                predictedBuckets,
                interval(trueLikes, low, high),
                Calibration.of(
                        IntStream.of(trueLikes).map(likes -> bucket(likes) - 1).toArray(), probabilities));
    }

    /**
     * The metrics of a model that predicts likes alone; its bucket is the one that holds them.
     *
     * @throws IllegalArgumentException when the arrays are empty or not as many
     */
    public static LikesMetrics ofPoint(int[] trueLikes, int[] predictedLikes) {
        requireAsMany(trueLikes.length, predictedLikes.length);
        int[] buckets = IntStream.of(predictedLikes).map(LikesMetrics::bucket).toArray();
        return of(trueLikes, predictedLikes, buckets, null, null);
    }

    private static LikesMetrics of(
            int[] trueLikes, int[] predictedLikes, int[] predictedBuckets, Interval interval, Calibration calibration) {
        int n = trueLikes.length;
        double squared = 0;
        double squaredLog = 0;
        double absolute = 0;
        int[][] confusion = new int[LikeBucket.COUNT][LikeBucket.COUNT];
        for (int i = 0; i < n; i++) {
            double error = (double) predictedLikes[i] - trueLikes[i];
            double errorLog = Math.log1p(predictedLikes[i]) - Math.log1p(trueLikes[i]);
            squared += error * error;
            squaredLog += errorLog * errorLog;
            absolute += Math.abs(error);
            confusion[bucket(trueLikes[i]) - 1][predictedBuckets[i] - 1]++;
        }
        return new LikesMetrics(
                n,
                Math.sqrt(squared / n),
                Math.sqrt(squaredLog / n),
                absolute / n,
                accuracy(confusion, n),
                macroF1(confusion),
                confusion,
                interval,
                calibration);
    }

    private static double accuracy(int[][] confusion, int n) {
        return IntStream.range(0, confusion.length).map(b -> confusion[b][b]).sum() / (double) n;
    }

    private static double macroF1(int[][] confusion) {
        return IntStream.range(0, confusion.length)
                .filter(b -> rowSum(confusion, b) + columnSum(confusion, b) > 0)
                .mapToDouble(b -> 2.0 * confusion[b][b] / (rowSum(confusion, b) + columnSum(confusion, b)))
                .average()
                .orElseThrow();
    }

    private static int rowSum(int[][] confusion, int bucket) {
        return IntStream.of(confusion[bucket]).sum();
    }

    private static int columnSum(int[][] confusion, int bucket) {
        return IntStream.range(0, confusion.length)
                .map(row -> confusion[row][bucket])
                .sum();
    }

    private static Interval interval(int[] trueLikes, int[] low, int[] high) {
        int[] posts = new int[LikeBucket.COUNT];
        int[] inside = new int[LikeBucket.COUNT];
        double width = 0;
        for (int i = 0; i < trueLikes.length; i++) {
            int bucket = bucket(trueLikes[i]) - 1;
            posts[bucket]++;
            if (low[i] <= trueLikes[i] && trueLikes[i] <= high[i]) {
                inside[bucket]++;
            }
            width += Math.log1p(high[i]) - Math.log1p(low[i]);
        }
        double[] byBucket = IntStream.range(0, posts.length)
                .mapToDouble(b -> inside[b] / (double) posts[b])
                .toArray();
        return new Interval(IntStream.of(inside).sum() / (double) trueLikes.length, width / trueLikes.length, byBucket);
    }

    private static int bucket(int likes) {
        return LikeBucket.ofLikes(likes).number();
    }

    private static void requireAsMany(int n, int... others) {
        if (n == 0 || IntStream.of(others).anyMatch(other -> other != n)) {
            throw new IllegalArgumentException("There must be posts, and one entry for each in every array.");
        }
    }
}
