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
import java.util.stream.IntStream;

/** What a prompt can tell of a post. A field of which nothing is known is the empty text. */
enum PromptField {
    CAPTION(PromptField::caption),
    PICTURE_TEXT(PromptField::pictureText),
    CONTENT((post, sights) -> PlainText.of(post.content())),
    COMPANY((post, sights) -> PlainText.of(post.company())),
    USERNAME((post, sights) -> PlainText.of(post.username())),
    LOCATION((post, sights) -> PlainText.of(post.account().location())),
    FOLLOWERS((post, sights) ->
            post.account().followers() == null ? "" : rounded(post.account().followers())),
    TYPICAL_LIKES(onHistory(LikesHistory::typical)),
    LOW_LIKES(onHistory(LikesHistory::low)),
    HIGH_LIKES(onHistory(LikesHistory::high)),
    EARLIER_POSTS(onHistory(history -> history.posts() == 0 ? Double.NaN : history.posts())),
    RECENT_LIKES(onSimilar(SimilarPosts::datedPosts, SimilarPosts::within45Days)),
    KIND_LIKES(onSimilar(SimilarPosts::postsOfKind, SimilarPosts::kindWithin45Days)),
    MEDIA(PromptField::media),
    DATE(onDate(DateTimeFormatter.ISO_LOCAL_DATE::format)),
    TIME(onDate(DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT)::format)),
    HOUR(onDate(date -> Integer.toString(date.getHour()))),
    WEEKDAY(onDate(date -> date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH))),
    MONTH(onDate(date -> date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH))),
    YEAR(onDate(date -> Integer.toString(date.getYear())));

    private static final int[] E12 = {10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82};

    private interface Reader {
        String read(Post post, List<Sight> sights);
    }

    private final Reader reader;

    PromptField(Reader reader) {
        this.reader = reader;
    }

    /** The name a template uses, as in {@code typical_likes}. */
    String placeholder() {
        return name().toLowerCase(Locale.ROOT);
    }

    String read(Post post, List<Sight> sights) {
        return reader.read(post, sights);
    }

    private static Reader onDate(Function<LocalDateTime, String> format) {
        return (post, sights) -> post.date() == null ? "" : format.apply(post.date());
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

    private static String pictureText(Post post, List<Sight> sights) {
        List<List<String>> read =
                sights.stream().map(Sight::text).filter(Objects::nonNull).toList();
        if (read.isEmpty()) {
            return "";
        }
        String text = read.stream().flatMap(List::stream).map(PlainText::of).collect(Collectors.joining(" "));
        return text.isBlank() ? "none" : text;
    }

    private static String media(Post post, List<Sight> sights) {
        return post.media().stream()
                .collect(Collectors.groupingBy(Media::kind, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(kind -> kind.getValue() == 1
                        ? kind.getKey().value()
                        : kind.getValue() + " " + kind.getKey().value() + "s")
                .collect(Collectors.joining(", "));
    }

    private static Reader onHistory(ToDoubleFunction<LikesHistory> statistic) {
        return (post, sights) -> {
            double value = statistic.applyAsDouble(LikesHistory.of(post.account()));
            return Double.isNaN(value) ? "" : rounded(value);
        };
    }

    /** Empty when no earlier post is similar. */
    private static Reader onSimilar(ToDoubleFunction<SimilarPosts> posts, ToDoubleFunction<SimilarPosts> log) {
        return (post, sights) -> {
            SimilarPosts similar =
                    SimilarPosts.of(post, LikesHistory.of(post.account()).typical());
            return posts.applyAsDouble(similar) == 0 ? "" : rounded(Math.expm1(log.applyAsDouble(similar)));
        };
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
