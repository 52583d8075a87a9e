package dev.plaudit.training.behavior;

import dev.plaudit.training.evaluation.LikesMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The likes model's {@code MODEL_CARD.md}. */
record LikesCard(SplitChoice split, DataSplit data, double coverage, LikesMetrics calibration) {
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("MODEL_CARD.md"), """
                # Likes model

                Seven regressors of log1p(likes), one for each like bucket: XGBoost for buckets 1, 2, 6 and 7, symmetric
                trees in CatBoost's format for 3, 4 and 5. Each knows the posts of its bucket only; the bucket
                classifier's probabilities weigh them. Trained by `plaudit train likes` on the classifier's embedding and
                on the numeric features that `config.json` names. An eighth regressor, of XGBoost, knows the posts of all
                buckets and goes by the numeric features alone.

                | | |
                |---|---|
                | split | %s |
                | posts to learn from, to calibrate by, unseen | %,d, %,d, %,d |
                | RMSE of log1p(likes) on the posts to calibrate by | %.3f |
                | bucket accuracy on the same | %.3f |

                `plaudit evaluate` measures the unseen posts.

                ## The answer

                What is expected is the mean of log1p(likes) over the buckets, averaged with what the eighth regressor
                says, by the weight (`overall` in `config.json`) that did best on the posts to calibrate by. The likes are
                that, taken into the bucket that the post is put in: the one with the greatest probability, less what it
                costs to move the expected value into it (`distanceWeight` in `config.json`). The interval leaves out the
                same share of the predicted distribution at either side, as much as let it hold %.0f %% of the posts to
                calibrate by. It holds that share of all posts, not of every kind of post: for accounts with many likes it
                holds fewer.

                ## What it does not know

                Followers were known for %,d of the posts it learnt from; where that is none, they move nothing. It inherits all limits of the bucket classifier, and it needs the embedding of
                the very classifier it was trained with.
                """.formatted(
                        split,
                        data.train().size(),
                        data.validation().size(),
                        data.test().size(),
                        calibration.rmseLog(),
                        calibration.bucketAccuracy(),
                        100 * coverage,
                        data.train().stream()
                                .filter(post -> post.post().account().followers() != null)
                                .count()));
    }
}
