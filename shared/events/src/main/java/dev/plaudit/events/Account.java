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
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Account(Long followers, String location, Double typicalLikes, List<EarlierPost> history) {
    /** An account of which nothing is known. */
    public static final Account UNKNOWN = new Account(null, null, null, null);

    /** The longest history that is read. */
    public static final int MAX_HISTORY = 1000;

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
    }

    /** An account with these usual likes; null when they are unknown. */
    public static Account ofTypicalLikes(Double typicalLikes) {
        return new Account(null, null, typicalLikes, null);
    }

    /** This account with other usual likes and another history; null usual likes when they are unknown. */
    public Account withHistory(Double typicalLikes, List<EarlierPost> history) {
        return new Account(followers, location, typicalLikes, history);
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
