package dev.plaudit.trees;

/**
 * How many likes a post will get.
 *
 * @param bucket the bucket decided on, 1 to 7
 * @param likes the estimate, inside the bucket
 * @param low the lower end of the prediction interval, at most {@code likes}
 * @param high its upper end, at least {@code likes}
 * @param expectedLog the expected log1p(likes), whatever the bucket
 * @param perBucketLog what each bucket's regressor says, log1p(likes) inside the bucket; NaN where the bucket's
 *     probability is too small to ask
 */
public record Estimate(int bucket, int likes, int low, int high, double expectedLog, double[] perBucketLog) {}
