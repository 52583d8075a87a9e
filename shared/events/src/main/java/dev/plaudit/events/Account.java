package dev.plaudit.events;

/**
 * What is known of the account that posts. Every part is optional.
 *
 * @param followers how many follow it; not negative; null when unknown
 * @param location where it says it is; null when unknown
 * @param typicalLikes the likes its posts usually get (the median of recent posts is a good choice); finite, not
 *     negative; null when unknown
 */
public record Account(Long followers, String location, Double typicalLikes) {
    /** An account of which nothing is known. */
    public static final Account UNKNOWN = new Account(null, null, null);

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
    }
}
