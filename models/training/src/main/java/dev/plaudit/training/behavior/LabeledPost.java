package dev.plaudit.training.behavior;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import java.util.Locale;

/**
 * A post whose likes are known.
 *
 * @param post what could be known before it was posted
 * @param likes what it got; not negative
 */
public record LabeledPost(Post post, int likes) {
    double log() {
        return Math.log1p(likes);
    }

    public LikeBucket bucket() {
        return LikeBucket.ofLikes(likes);
    }

    /** The account, in lower case; empty when unknown. */
    String accountKey() {
        return key(post.username());
    }

    /** The company, in lower case; empty when unknown. */
    String companyKey() {
        return key(post.company());
    }

    static String key(String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }
}
