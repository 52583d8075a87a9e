package dev.plaudit.training.behavior;

import dev.plaudit.events.EarlierPost;
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

    /** What it tells of later posts of its account. */
    EarlierPost asEarlier() {
        return new EarlierPost(likes, post.date(), post.mediaKind());
    }

    /** The account, in lower case; empty when unknown. */
    String accountKey() {
        return key(post.username());
    }

    /** The company, in lower case; empty when unknown. */
    String companyKey() {
        return key(post.company());
    }

    /** What tells a post without a date from others of its account: its id or else its text; empty with a date, which does. */
    static String undatedKey(Post post) {
        if (post.date() != null) {
            return "";
        }
        return post.id() == null ? String.valueOf(post.content()) : post.id();
    }

    static String key(String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }
}
