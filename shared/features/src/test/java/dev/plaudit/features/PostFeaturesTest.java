package dev.plaudit.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostFeaturesTest {
    private static Map<String, Float> features(Post post, Sight... sights) {
        float[] values = PostFeatures.of(post, List.of(sights));
        assertThat(values).hasSameSizeAs(PostFeatures.NAMES);
        Map<String, Float> named = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(PostFeatures.NAMES.get(i), values[i]);
        }
        return named;
    }

    /** A model that was trained on them asks for these names in this order. */
    @Test
    void namesAndTheirOrderStay() {
        assertThat(PostFeatures.NAMES)
                .containsExactly(
                        "followers_log1p",
                        "typical_likes_log1p",
                        "low_likes_log1p",
                        "high_likes_log1p",
                        "spread_of_likes",
                        "earlier_posts",
                        "mean_likes_log1p",
                        "likes_within_10_days_log1p",
                        "likes_within_45_days_log1p",
                        "likes_within_180_days_log1p",
                        "likes_of_kind_log1p",
                        "likes_of_kind_within_45_days_log1p",
                        "posts_of_kind",
                        "month",
                        "weekday",
                        "hour",
                        "photos",
                        "videos",
                        "gifs",
                        "caption_length",
                        "content_length",
                        "hashtags",
                        "mentions",
                        "links");
    }

    @Test
    void aFullPostHasEveryFeature() {
        Map<String, Float> features = features(Posts.FULL);

        Map<String, Double> expected = new HashMap<>();
        expected.put("followers_log1p", Math.log(1301));
        expected.put("typical_likes_log1p", Math.log(241));
        expected.put("low_likes_log1p", Math.log(101) + 0.4 * (Math.log(151) - Math.log(101)));
        expected.put("high_likes_log1p", Math.log(301) + 0.6 * (Math.log(401) - Math.log(301)));
        expected.put("spread_of_likes", 0.5460268);
        expected.put("earlier_posts", 5.0);
        double mean =
                (Math.log(101) + Math.log(151) + Math.log(201) + Math.log(301) + Math.log(401) + Math.log(241)) / 6;
        expected.put("mean_likes_log1p", mean);
        expected.put("likes_within_10_days_log1p", aWeekAgo(Math.log(401), 10, mean));
        expected.put("likes_within_45_days_log1p", aWeekAgo(Math.log(401), 45, mean));
        expected.put("likes_within_180_days_log1p", aWeekAgo(Math.log(401), 180, mean));
        expected.put("likes_of_kind_log1p", (Math.log(401) + 2 * mean) / 3);
        expected.put(
                "likes_of_kind_within_45_days_log1p",
                (Math.exp(-7 / 45.0) * Math.log(401) + mean) / (Math.exp(-7 / 45.0) + 1));
        expected.put("posts_of_kind", 1.0);
        expected.put("month", 3.0);
        expected.put("weekday", 5.0);
        expected.put("hour", 8.5);
        expected.put("photos", 1.0);
        expected.put("videos", 1.0);
        expected.put("gifs", 0.0);
        expected.put("caption_length", (double) "a loaf of bread; a baker at work".length());
        expected.put("content_length", (double) "Fresh bread & coffee with".length());
        expected.put("hashtags", 0.0);
        expected.put("mentions", 1.0);
        expected.put("links", 1.0);
        assertThat(features).hasSameSizeAs(expected);
        expected.forEach((name, value) ->
                assertThat((double) features.get(name)).as(name).isCloseTo(value, within(1e-5)));
    }

    private static double aWeekAgo(double log, double scale, double mean) {
        double weight = Math.exp(-7 / scale);
        return (weight * log + 0.5 * mean) / (weight + 0.5);
    }

    @Test
    void whatIsUnknownIsNotANumber() {
        Map<String, Float> features = features(Posts.ofMedia(new Media(MediaKind.GIF, null, null, null)));

        assertThat(features.keySet().stream().filter(name -> !features.get(name).isNaN()))
                .containsExactlyInAnyOrder("earlier_posts", "posts_of_kind", "photos", "videos", "gifs");
        assertThat(features)
                .containsEntry("gifs", 1f)
                .containsEntry("photos", 0f)
                .containsEntry("earlier_posts", 0f);
    }

    @Test
    void aTextWithoutAnyTagMentionOrLinkHasNoneOfThem() {
        assertThat(features(Posts.BARE))
                .containsEntry("content_length", 5f)
                .containsEntry("hashtags", 0f)
                .containsEntry("mentions", 0f)
                .containsEntry("links", 0f);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    #bread #парк # #1 C#       | 3 | 0 | 0
                    Don&#39;t &#x1F600; #wait  | 1 | 0 | 0
                    <mention> @ovenandco a@b @ | 0 | 3 | 0
                    <hyperlink> https://a.bc HTTP://b.cd <Hyperlink> http | 0 | 0 | 4
                    """)
    void tagsMentionsAndLinksAreCounted(String content, float hashtags, float mentions, float links) {
        assertThat(features(Posts.ofContent(content)))
                .containsEntry("hashtags", hashtags)
                .containsEntry("mentions", mentions)
                .containsEntry("links", links);
    }

    @Test
    void whatAModelSawCountsAsTheCaption() {
        Post post = Posts.ofMedia(new Media(MediaKind.PHOTO, null, null, null));
        assertThat(features(post, new Sight("a cup", null, null))).containsEntry("caption_length", 5f);
    }
}
