package dev.plaudit.gateway;

import dev.plaudit.events.Driver;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeLevel;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a post is liked as it is, in words. They say what was measured and nothing else: the drivers of the behavior chain,
 * each with the factor that it puts on the likes.
 */
final class Explanation {
    private static final int MOST_REASONS = 3;
    private static final int MOST_OBJECTIONS = 2;

    private static final String USUAL = "what the account usually gets";
    private static final String RANGE = "how far its likes lie apart";
    private static final String RECENT = "what its latest posts got";
    private static final String KIND = "what its posts of this kind got";
    private static final String MEDIA = "the kind of its media";

    /** What each driver is, by its name. */
    static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("typical_likes", USUAL),
            Map.entry("typical_likes_log1p", USUAL),
            Map.entry("mean_likes_log1p", USUAL),
            Map.entry("low_likes+high_likes+earlier_posts", RANGE),
            Map.entry("low_likes_log1p", RANGE),
            Map.entry("high_likes_log1p", RANGE),
            Map.entry("spread_of_likes", RANGE),
            Map.entry("earlier_posts", "how many of its earlier posts are known"),
            Map.entry("recent_likes", RECENT),
            Map.entry("likes_within_10_days_log1p", RECENT),
            Map.entry("likes_within_45_days_log1p", RECENT),
            Map.entry("likes_within_180_days_log1p", RECENT),
            Map.entry("kind_likes", KIND),
            Map.entry("likes_of_kind_log1p", KIND),
            Map.entry("likes_of_kind_within_45_days_log1p", KIND),
            Map.entry("posts_of_kind", KIND),
            Map.entry("followers_log1p", "how many follow the account"),
            Map.entry("company", "the company"),
            Map.entry("username", "the account's name"),
            Map.entry("caption", "what the picture shows"),
            Map.entry("caption_length", "how much is told of the picture"),
            Map.entry("content", "the words of the text"),
            Map.entry("content_length", "the length of the text"),
            Map.entry("text", "all of it as the classifier reads it"),
            Map.entry("hashtags", "its hashtags"),
            Map.entry("mentions", "its mentions"),
            Map.entry("links", "its links"),
            Map.entry("media", MEDIA),
            Map.entry("photos", MEDIA),
            Map.entry("videos", MEDIA),
            Map.entry("gifs", MEDIA),
            Map.entry("weekday+month+hour", "when it is posted"),
            Map.entry("month", "the month"),
            Map.entry("weekday", "the weekday"),
            Map.entry("hour", "the hour"));

    private Explanation() {}

    /**
     * Explains a level.
     *
     * @param told the level that is to be explained; where the behavior chain says another, that one is explained
     * @param engagement with its drivers
     */
    static String of(LikeLevel told, Engagement engagement) {
        LikeLevel level = engagement.level();
        String beginning = told == level
                ? "Mostly because of "
                : String.format(
                        Locale.ROOT,
                        "Scoring disagrees and expects %,d likes, %s, mostly because of ",
                        engagement.likes(),
                        level.name().toLowerCase(Locale.ROOT));
        Map<Boolean, List<String>> sides = distinct(engagement.drivers())
                .collect(Collectors.partitioningBy(
                        driver -> speaksFor(level, driver),
                        Collectors.mapping(Explanation::words, Collectors.toList())));
        List<String> reasons = sides.get(true);
        List<String> objections = sides.get(false);
        return beginning
                + (reasons.isEmpty() ? "no single thing" : enumeration(reasons, MOST_REASONS))
                + (objections.isEmpty() ? "." : "; against it: " + enumeration(objections, MOST_OBJECTIONS) + ".");
    }

    /** What lies in the middle may come of anything. */
    private static boolean speaksFor(LikeLevel level, Driver driver) {
        return level == LikeLevel.MEDIUM || driver.effect() > 1 == (level == LikeLevel.HIGH);
    }

    /** Of drivers that are the same in words the strongest, which comes first. */
    private static Stream<Driver> distinct(List<Driver> drivers) {
        Set<String> said = new HashSet<>();
        return drivers.stream().filter(driver -> said.add(name(driver)));
    }

    private static String words(Driver driver) {
        return String.format(Locale.ROOT, "%s (×%.2f)", name(driver), driver.effect());
    }

    /** A part of a deployment's own prompt goes by its own name. */
    private static String name(Driver driver) {
        return WORDS.getOrDefault(
                driver.name(), driver.name().replace("+", " and ").replace('_', ' '));
    }

    private static String enumeration(List<String> words, int most) {
        List<String> first = words.subList(0, Math.min(most, words.size()));
        return first.size() == 1
                ? first.getFirst()
                : String.join(", ", first.subList(0, first.size() - 1)) + " and " + first.getLast();
    }
}
