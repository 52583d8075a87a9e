package dev.plaudit.features;

import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What those earlier posts tell that are like a post: near to it in time, of its media kind, or both. All values are
 * means of log1p(likes), weighted by exp(-distance/scale) where time counts, and drawn to the next wider mean by the weight
 * of a post or two: where no such post is known, or no date or kind, they are that wider mean. NaN when nothing at all is
 * known of the account.
 *
 * @param mean of all earlier posts, drawn to what the account usually gets
 * @param within10Days of those near in time, on a scale of 10 days
 * @param within45Days on a scale of 45 days
 * @param within180Days on a scale of 180 days
 * @param kind of those of the post's media kind
 * @param kindWithin45Days of those of the post's media kind, on a scale of 45 days
 * @param postsOfKind how many earlier posts are of the post's media kind
 * @param datedPosts how many have a date to compare with the post's
 */
record SimilarPosts(
        double mean,
        double within10Days,
        double within45Days,
        double within180Days,
        double kind,
        double kindWithin45Days,
        double postsOfKind,
        double datedPosts) {
    private static final double DAY = Duration.ofDays(1).toSeconds();

    /** @param typical what the account usually gets, in likes; NaN when unknown */
    static SimilarPosts of(Post post, double typical) {
        List<EarlierPost> history = post.account().history();
        if (history.isEmpty()) {
            double log = Math.log1p(typical);
            return new SimilarPosts(log, log, log, log, log, log, 0, 0);
        }
        double mean = mean(history, earlier -> 1, Math.log1p(typical), 1);
        return new SimilarPosts(
                mean,
                mean(history, near(post.date(), 10), mean, 0.5),
                mean(history, near(post.date(), 45), mean, 0.5),
                mean(history, near(post.date(), 180), mean, 0.5),
                mean(history, same(post.mediaKind()), mean, 2),
                mean(history, both(near(post.date(), 45), same(post.mediaKind())), mean, 1),
                history.stream().mapToDouble(same(post.mediaKind())).sum(),
                post.date() == null
                        ? 0
                        : history.stream()
                                .filter(earlier -> earlier.date() != null)
                                .count());
    }

    private static double mean(
            List<EarlierPost> history, ToDoubleFunction<EarlierPost> weight, double prior, double priorWeight) {
        double weights = priorWeight;
        double sum = priorWeight * prior;
        for (EarlierPost earlier : history) {
            double its = weight.applyAsDouble(earlier);
            weights += its;
            sum += its * Math.log1p(earlier.likes());
        }
        return sum / weights;
    }

    private static ToDoubleFunction<EarlierPost> near(LocalDateTime date, double scaleDays) {
        return earlier -> date == null || earlier.date() == null
                ? 0
                : Math.exp(-Math.abs(Duration.between(date, earlier.date()).toSeconds()) / (scaleDays * DAY));
    }

    private static ToDoubleFunction<EarlierPost> same(MediaKind kind) {
        return earlier -> kind != null && earlier.kind() == kind ? 1 : 0;
    }

    private static ToDoubleFunction<EarlierPost> both(
            ToDoubleFunction<EarlierPost> one, ToDoubleFunction<EarlierPost> other) {
        return earlier -> one.applyAsDouble(earlier) * other.applyAsDouble(earlier);
    }
}
