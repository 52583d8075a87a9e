package dev.plaudit.features;

import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The numeric features of a post: the one definition that the regressors are trained on and served with. What is
 * unknown is NaN, which the trees take as missing. The year is not among them: it cannot tell of years to come.
 */
public final class PostFeatures {
    private static final Pattern LINK = Pattern.compile("<hyperlink>|https?://", Pattern.CASE_INSENSITIVE);
    private static final Pattern MENTION = Pattern.compile("<mention>|@\\w", Pattern.CASE_INSENSITIVE);
    /** The number of an entity, as in {@code &#39;}, is none. */
    private static final Pattern HASHTAG = Pattern.compile("(?<!&)#[\\p{L}\\p{N}_]");

    /** The name of what the account usually gets: known as soon as anything is of its likes. */
    public static final String TYPICAL_LIKES = "typical_likes_log1p";

    private interface Measure {
        double of(PostView view);
    }

    private record Feature(String name, Measure measure) {}

    private static final List<Feature> FEATURES = List.of(
            new Feature("followers_log1p", view -> log1p(view.post().account().followers())),
            new Feature(TYPICAL_LIKES, view -> Math.log1p(view.history().typical())),
            new Feature("low_likes_log1p", view -> Math.log1p(view.history().low())),
            new Feature("high_likes_log1p", view -> Math.log1p(view.history().high())),
            new Feature("spread_of_likes", view -> view.history().spread()),
            new Feature("earlier_posts", view -> view.history().posts()),
            new Feature("mean_likes_log1p", view -> view.similar().mean()),
            new Feature("likes_within_10_days_log1p", view -> view.similar().within10Days()),
            new Feature("likes_within_45_days_log1p", view -> view.similar().within45Days()),
            new Feature("likes_within_180_days_log1p", view -> view.similar().within180Days()),
            new Feature("likes_of_kind_log1p", view -> view.similar().kind()),
            new Feature(
                    "likes_of_kind_within_45_days_log1p", view -> view.similar().kindWithin45Days()),
            new Feature("posts_of_kind", view -> view.similar().postsOfKind()),
            new Feature(
                    "month",
                    view -> view.post().date() == null
                            ? Double.NaN
                            : view.post().date().getMonthValue()),
            new Feature(
                    "weekday",
                    view -> view.post().date() == null
                            ? Double.NaN
                            : view.post().date().getDayOfWeek().getValue()),
            new Feature(
                    "hour",
                    view -> view.post().date() == null
                            ? Double.NaN
                            : view.post().date().getHour() + view.post().date().getMinute() / 60.0),
            new Feature("photos", view -> count(view, MediaKind.PHOTO)),
            new Feature("videos", view -> count(view, MediaKind.VIDEO)),
            new Feature("gifs", view -> count(view, MediaKind.GIF)),
            new Feature(
                    "caption_length",
                    view -> view.caption().isEmpty()
                            ? Double.NaN
                            : view.caption().length()),
            new Feature(
                    "content_length",
                    view -> view.post().content() == null
                            ? Double.NaN
                            : PlainText.of(view.post().content()).length()),
            new Feature("hashtags", view -> occurrences(HASHTAG, view.post().content(), "#")),
            new Feature("mentions", view -> occurrences(MENTION, view.post().content(), "<", "@")),
            new Feature("links", view -> occurrences(LINK, view.post().content(), "<", "://")));

    /** The features' names, in the order of {@link #of}. */
    public static final List<String> NAMES =
            FEATURES.stream().map(Feature::name).toList();

    private PostFeatures() {}

    /**
     * The features of a post.
     *
     * @param sights what models saw in its media
     * @return one number for each of {@link #NAMES}; NaN where nothing is known
     */
    public static float[] of(Post post, List<Sight> sights) {
        PostView view = PostView.of(post, sights, Options.DEFAULT);
        float[] values = new float[FEATURES.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) FEATURES.get(i).measure().of(view);
        }
        return values;
    }

    private static double log1p(Number number) {
        return number == null ? Double.NaN : Math.log1p(number.doubleValue());
    }

    private static double count(PostView view, MediaKind kind) {
        return view.post().media().stream()
                .map(Media::kind)
                .filter(kind::equals)
                .count();
    }

    /** @param signs of which a text has at least one where the pattern occurs: most texts have none */
    private static double occurrences(Pattern pattern, String text, String... signs) {
        if (text == null) {
            return Double.NaN;
        }
        return Arrays.stream(signs).anyMatch(text::contains)
                ? pattern.matcher(text).results().count()
                : 0;
    }
}
