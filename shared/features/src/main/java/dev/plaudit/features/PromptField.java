package dev.plaudit.features;

import dev.plaudit.events.Media;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What a prompt can tell of a post. A field of which nothing is known is the empty text. */
enum PromptField {
    CAPTION(PostView::caption),
    PICTURE_TEXT(view -> pictureText(view.sights())),
    CONTENT(onPost(post -> PlainText.of(post.content()))),
    COMPANY(onPost(post -> PlainText.of(post.company()))),
    USERNAME(onPost(post -> PlainText.of(post.username()))),
    POSTS(onPost(post -> post.account().posts().stream()
            .map(PlainText::of)
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(" | ")))),
    LOCATION(onPost(post -> PlainText.of(post.account().location()))),
    FOLLOWERS(onPost(post ->
            post.account().followers() == null ? "" : rounded(post.account().followers()))),
    TYPICAL_LIKES(onHistory(LikesHistory::typical)),
    LOW_LIKES(onHistory(LikesHistory::low)),
    HIGH_LIKES(onHistory(LikesHistory::high)),
    WISHED_LIKES(view ->
            view.options().wishedLikes() == null ? "" : rounded(view.options().wishedLikes())),
    EARLIER_POSTS(onHistory(history -> history.posts() == 0 ? Double.NaN : history.posts())),
    RECENT_LIKES(onSimilar(SimilarPosts::datedPosts, SimilarPosts::within45Days)),
    KIND_LIKES(onSimilar(SimilarPosts::postsOfKind, SimilarPosts::kindWithin45Days)),
    MEDIA(onPost(post -> media(post.media()))),
    DATE(onDate(DateTimeFormatter.ISO_LOCAL_DATE::format)),
    TIME(onDate(DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT)::format)),
    HOUR(onDate(date -> Integer.toString(date.getHour()))),
    WEEKDAY(onDate(date -> date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH))),
    MONTH(onDate(date -> date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH))),
    YEAR(onDate(date -> Integer.toString(date.getYear())));

    private static final int[] E12 = {10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82};

    private final Function<PostView, String> reader;

    PromptField(Function<PostView, String> reader) {
        this.reader = reader;
    }

    /** The name a template uses, as in {@code typical_likes}. */
    String placeholder() {
        return name().toLowerCase(Locale.ROOT);
    }

    String read(PostView view) {
        return reader.apply(view);
    }

    private static Function<PostView, String> onPost(Function<Post, String> field) {
        return view -> field.apply(view.post());
    }

    private static Function<PostView, String> onDate(Function<LocalDateTime, String> format) {
        return onPost(post -> post.date() == null ? "" : format.apply(post.date()));
    }

    private static String pictureText(List<Sight> sights) {
        List<List<String>> read =
                sights.stream().map(Sight::text).filter(Objects::nonNull).toList();
        if (read.isEmpty()) {
            return "";
        }
        String text = read.stream().flatMap(List::stream).map(PlainText::of).collect(Collectors.joining(" "));
        return text.isBlank() ? "none" : text;
    }

    private static String media(List<Media> media) {
        return media.stream()
                .collect(Collectors.groupingBy(Media::kind, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(kind -> kind.getValue() == 1
                        ? kind.getKey().value()
                        : kind.getValue() + " " + kind.getKey().value() + "s")
                .collect(Collectors.joining(", "));
    }

    private static Function<PostView, String> onHistory(ToDoubleFunction<LikesHistory> statistic) {
        return view -> {
            double value = statistic.applyAsDouble(view.history());
            return Double.isNaN(value) ? "" : rounded(value);
        };
    }

    /** Empty when no earlier post is similar. */
    private static Function<PostView, String> onSimilar(
            ToDoubleFunction<SimilarPosts> posts, ToDoubleFunction<SimilarPosts> log) {
        return view ->
                posts.applyAsDouble(view.similar()) == 0 ? "" : rounded(Math.expm1(log.applyAsDouble(view.similar())));
    }

    /**
     * A count in round numbers, twelve to a decade (the E12 series of IEC 60063): fine enough to lose nothing, coarse
     * enough that a reader of words meets each number often and learns what it means.
     */
    static String rounded(double count) {
        if (count < 10) {
            return Long.toString(Math.round(count));
        }
        int decade = (int) Math.floor(Math.log10(count));
        int step = (int) Math.round((Math.log10(count) - decade) * E12.length);
        if (step == E12.length) {
            step = 0;
            decade++;
        }
        return Long.toString(Math.round(E12[step] * Math.pow(10, decade - 1)));
    }
}
