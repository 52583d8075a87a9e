package dev.plaudit.features;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A post as prompts and features see it, with all that takes work to find out found out once.
 *
 * @param sights what models saw in its media
 * @param options what the caller asks for
 * @param caption what its media show; empty when unknown
 */
record PostView(
        Post post, List<Sight> sights, Options options, String caption, LikesHistory history, SimilarPosts similar) {
    static PostView of(Post post, List<Sight> sights, Options options) {
        LikesHistory history = LikesHistory.of(post.account());
        return new PostView(
                post, sights, options, caption(post, sights), history, SimilarPosts.of(post, history.typical()));
    }

    private static String caption(Post post, List<Sight> sights) {
        return IntStream.range(0, Math.max(post.media().size(), sights.size()))
                .mapToObj(i -> captionOf(i, post, sights))
                .filter(caption -> !caption.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** What a model saw, else what the caller says. */
    private static String captionOf(int i, Post post, List<Sight> sights) {
        String seen = i < sights.size() ? PlainText.of(sights.get(i).caption()) : "";
        return seen.isEmpty() && i < post.media().size()
                ? PlainText.of(post.media().get(i).caption())
                : seen;
    }
}
