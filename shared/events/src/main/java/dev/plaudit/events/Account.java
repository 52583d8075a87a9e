package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What is known of the account that posts. Every part is optional.
 *
 * @param followers how many follow it; not negative; null when unknown
 * @param location where it says it is; null when unknown
 * @param typicalLikes the likes its posts usually get; finite, not negative; null when unknown, and then the median of
 *     {@code history}, if there is one, stands for it
 * @param history earlier posts of the account with their likes, in any order, at most {@value #MAX_HISTORY}; the more the
 *     better, twenty do well, and better with their dates and kinds
 * @param posts texts of earlier posts of the account, the most similar first, at most {@value #MAX_POSTS} of at most
 *     {@value Post#MAX_CONTENT} characters: a writer that is shown them writes as the account does
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Account(
        Long followers, String location, Double typicalLikes, List<EarlierPost> history, List<String> posts) {
    /** An account of which nothing is known. */
    public static final Account UNKNOWN = new Account(null, null, null, null);

    /** The longest history that is read. */
    public static final int MAX_HISTORY = 1000;

    /** The most texts that are read. */
    public static final int MAX_POSTS = 20;

    private static final int MAX_LOCATION = 200;
    private static final double MAX_LIKES = 1e9;

    public Account {
        if (followers != null && followers < 0) {
            throw new InvalidFieldException("followers", "must not be negative, was " + followers);
        }
        location = Text.optional("location", location, MAX_LOCATION);
        if (typicalLikes != null && !(typicalLikes >= 0 && typicalLikes <= MAX_LIKES)) {
            throw new InvalidFieldException("typicalLikes", "must be 0 to 1e9, was " + typicalLikes);
        }
        history = history == null ? List.of() : requireLikes(history);
        posts = posts == null ? List.of() : requireTexts(posts);
    }

    /** An account whose texts nobody knows. */
    public Account(Long followers, String location, Double typicalLikes, List<EarlierPost> history) {
        this(followers, location, typicalLikes, history, null);
    }

    /** This account with other usual likes and another history; null usual likes when they are unknown. */
    public Account withHistory(Double typicalLikes, List<EarlierPost> history) {
        return new Account(followers, location, typicalLikes, history, posts);
    }

    /** This account with other texts of earlier posts. */
    public Account withPosts(List<String> posts) {
        return new Account(followers, location, typicalLikes, history, posts);
    }

    private static List<String> requireTexts(List<String> posts) {
        if (posts.size() > MAX_POSTS) {
            throw new InvalidFieldException("posts", "must be at most " + MAX_POSTS + " texts, were " + posts.size());
        }
        for (int i = 0; i < posts.size(); i++) {
            if (Text.optional("posts[" + i + "]", posts.get(i), Post.MAX_CONTENT) == null) {
                throw new InvalidFieldException("posts[" + i + "]", "must be a text");
            }
        }
        return List.copyOf(posts);
    }

    private static List<EarlierPost> requireLikes(List<EarlierPost> history) {
        if (history.size() > MAX_HISTORY) {
            throw new InvalidFieldException(
                    "history", "must be at most " + MAX_HISTORY + " posts, were " + history.size());
        }
        for (int i = 0; i < history.size(); i++) {
            if (history.get(i) == null || history.get(i).likes() < 0) {
                throw new InvalidFieldException("history[" + i + "]", "must be a number of likes, 0 or more");
            }
        }
        return List.copyOf(history);
    }
}
