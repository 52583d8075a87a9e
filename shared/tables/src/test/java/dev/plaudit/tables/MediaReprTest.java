package dev.plaudit.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaReprTest {
    private static final String VIDEO = """
            [Video(thumbnailUrl='https://img.example/kite.jpg', variants=[\
            VideoVariant(contentType='application/x-mpegURL', url='https://v.example/kite.m3u8', bitrate=None), \
            VideoVariant(contentType='video/mp4', url='https://v.example/kite-small.mp4', bitrate=256000), \
            VideoVariant(contentType='video/mp4', url='https://v.example/kite-large.mp4', bitrate=2176000), \
            VideoVariant(contentType='video/mp4', url='https://v.example/kite-mid.mp4', bitrate=832000), \
            VideoVariant(contentType='video/mp4', bitrate=9176000)\
            ], duration=12.345, views=98765), Photo(previewUrl='p', fullUrl="f")]""";

    @Test
    void photosHaveTheirFullUrl() {
        assertThat(MediaRepr.parse("[Photo(previewUrl='https://a.example/s', fullUrl='https://a.example/l'), "
                                + "Photo(previewUrl='https://b.example/s')]")
                        .media())
                .containsExactly(
                        new Media(MediaKind.PHOTO, "https://a.example/l", null, null),
                        new Media(MediaKind.PHOTO, "https://b.example/s", null, null));
    }

    @Test
    void aVideoHasItsBestVariantAndItsDurationAndNeverItsViews() {
        MediaRepr repr = MediaRepr.parse(VIDEO);

        assertThat(repr.media())
                .containsExactly(
                        new Media(
                                MediaKind.VIDEO,
                                "https://v.example/kite-large.mp4",
                                "https://img.example/kite.jpg",
                                null),
                        new Media(MediaKind.PHOTO, "f", null, null));
        assertThat(repr.duration()).hasValue(12.345);
        assertThat(repr.toString()).doesNotContain("98765");
    }

    @Test
    void aVariantWithoutBitRateIsBetterThanNone() {
        assertThat(MediaRepr.parse("[Gif(thumbnailUrl='t', variants=[VideoVariant(url='u', bitrate=None)])]")
                        .media())
                .containsExactly(new Media(MediaKind.GIF, "u", "t", null));
        assertThat(MediaRepr.parse("[Video(thumbnailUrl='t', variants=[], duration=None)]"))
                .isEqualTo(new MediaRepr(List.of(new Media(MediaKind.VIDEO, null, "t", null)), OptionalDouble.empty()));
    }

    @Test
    void whatIsUnknownIsPassedOver() {
        assertThat(MediaRepr.parse(
                                "[Poll(options=['yes', ('no', -1.5e-07)], ends=datetime.datetime(2021, 3, 1)), "
                                        + "mod.Photo('positional', fullUrl = 'u', alt=None, nsfw=False, more=[inf, nan, -inf, True],)]")
                        .media())
                .containsExactly(new Media(MediaKind.PHOTO, "u", null, null));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "'it\\'s', it's",
                "\"it's\", it's",
                "'a\\tb', `a\tb`",
                "'a\\nb', `a\nb`",
                "'\\xe9', é",
                "'\\u20ac', €",
                "'\\U0001f389', 🎉",
                "'\\101\\60', A0",
                "'\\1012', A2",
                "'\\d\\\\', \\d\\",
                "`'a\\\nb'`, ab"
            })
    void escapesMeanWhatTheyMeanInPython(String literal, String url) {
        assertThat(MediaRepr.parse("[Photo(fullUrl=" + literal + ")]")
                        .media()
                        .getFirst()
                        .url())
                .isEqualTo(url);
    }

    @Test
    void ourOwnJsonAndABareUrlAreReadToo() {
        assertThat(MediaRepr.parse(" [ {\"kind\": \"gif\", \"url\": \"u\", \"caption\": \"a cat\"} ]")
                        .media())
                .containsExactly(new Media(MediaKind.GIF, "u", null, "a cat"));
        assertThat(MediaRepr.parse(" https://a.example/x.MP4?tag=5 ").media())
                .containsExactly(new Media(MediaKind.VIDEO, "https://a.example/x.MP4?tag=5", null, null));
        assertThat(MediaRepr.parse("https://a.example/cat.gif").media())
                .containsExactly(new Media(MediaKind.GIF, "https://a.example/cat.gif", null, null));
        assertThat(MediaRepr.parse("https://a.example/x").media())
                .containsExactly(new Media(MediaKind.PHOTO, "https://a.example/x", null, null));
    }

    @ParameterizedTest
    @CsvSource({"'  '", "[]", "None", "( )"})
    void nothingIsNoMedia(String cell) {
        assertThat(MediaRepr.parse(cell).media()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[Photo(fullUrl='u') | media: at character 20: expected ',' or ']', found the end",
                "[Photo(fullUrl='u'  x] | media: at character 21: expected ',' or ')', found 'x'",
                "[Photo(fullUrl='u] | media: at character 19: expected a closing ', found the end",
                "[Photo(fullUrl='u')] and | media: at character 22: expected the end, found 'a'",
                "[Photo(fullUrl=)] | media: at character 16: expected a value, found ')'",
                "[Photo(fullUrl=1.2.3)] | media: at character 16: expected a number, found '1'",
                "[Photo] | media: at character 7: expected '(' after Photo, found ']'",
                "[Photo(fullUrl='\\xq')] | media: at character 19: expected 2 hexadecimal digits, found 'q'",
                "[Photo(fullUrl='\\UFFFFFFFF')] | media: at character 27: \\Uffffffff is no character",
                "['u'] | media: must be a list of Photo(…), Video(…) or Gif(…)",
                "[{\"kind\": \"song\"}] | media[0].kind: must be photo, video or gif, was 'song'",
                "[{\"kind\": \"gif\"}, null] | media[1]: must not be null"
            })
    void anErrorSaysWhereAndWhatWasExpected(String cell, String message) {
        assertThatThrownBy(() -> MediaRepr.parse(cell))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage(message);
    }

    @Test
    void aBadUrlIsToldWithItsPlace() {
        assertThatThrownBy(() -> MediaRepr.parse("[Photo(fullUrl='u'), Photo(fullUrl='\\ud83c')]"))
                .hasMessage("media[1].url: must be well-formed Unicode, has the lone surrogate U+D83C at 0");
    }

    @Test
    @Timeout(20)
    void aLongNumberThatIsNoneIsSoonRefused() {
        assertThatThrownBy(() -> MediaRepr.parse("[" + "1".repeat(150_000) + "x]"))
                .hasMessage("media: at character 2: expected a number, found '1'");
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> MediaRepr.parse("[".repeat(100_000)))
                .hasMessage("media: at character 34: nested deeper than 32");
        assertThatThrownBy(() -> MediaRepr.parse("x".repeat(100_000)))
                .hasMessage("media: at character 100001: expected '(' after " + "x".repeat(40) + "…, found the end");
        assertThatThrownBy(() -> MediaRepr.parse("[{\"kind\":".repeat(20_000)))
                .isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> MediaRepr.parse("[" + "0,".repeat(200_000)))
                .hasMessage("media: must be at most 200000 characters long, was 400001");
    }

    @Test
    void noDamageBringsAnythingButItsOwnException() {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder damaged = new StringBuilder(VIDEO);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                int at = random.nextInt(damaged.length());
                damaged.setCharAt(at, (char) (damaged.charAt(at) ^ 1 << random.nextInt(16)));
            }
            damaged.setLength(random.nextInt(damaged.length() + 1));
            try {
                MediaRepr.parse(damaged.toString());
            } catch (InvalidFieldException e) {
                assertThat(e.field()).startsWith("media");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(40_000);
    }
}
