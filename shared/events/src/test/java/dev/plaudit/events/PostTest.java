package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostTest {
    private static Post of(String content) {
        return new Post(null, content, null, null, null, null, null);
    }

    @Test
    void anEmptyPostIsNothingToScore() {
        assertThatThrownBy(() -> of("  ").requireScorable())
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith("content: is missing");
    }

    @Test
    void emojiAloneAreNothingToScore() {
        assertThatThrownBy(() -> of("🎉🎉 👩‍👩‍👧").requireScorable())
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith("content: must contain a letter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"שלום", "東京", "é", "7", "🎉 hi"})
    void anyScriptIsScorable(String content) {
        assertThat(of(content).requireScorable().content()).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({"PHOTO, PHOTO, PHOTO", "PHOTO, GIF, GIF", "GIF, VIDEO, VIDEO", "VIDEO, PHOTO, VIDEO"})
    void ofSeveralMediaTheOneThatMovesMostGivesTheKind(MediaKind first, MediaKind second, MediaKind kind) {
        List<Media> media = List.of(new Media(first, null, null, null), new Media(second, null, null, null));

        assertThat(new Post(null, null, null, null, null, media, null).mediaKind())
                .isEqualTo(kind);
        assertThat(of("Hello").mediaKind()).isNull();
    }

    @Test
    void mediaAloneAreScorable() {
        Post post = new Post(null, null, null, null, null, List.of(Media.described("a cat")), null);

        assertThat(post.requireScorable().needsLook()).isFalse();
    }

    @Test
    void aMediumWithoutCaptionNeedsALook() {
        Media photo = new Media(MediaKind.PHOTO, "https://example.org/a.jpg", null, null);

        assertThat(new Post(null, null, null, null, null, List.of(photo), null).needsLook())
                .isTrue();
    }

    @Test
    void aMediumWithoutAddressCannotBeLookedAt() {
        Media photo = new Media(MediaKind.PHOTO, null, null, null);

        assertThat(new Post(null, null, null, null, null, List.of(photo), null).needsLook())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\u0007", "\u009f", "tail\ud83d", "\udc00head", "x\ud800y"})
    void controlCharactersAndLoneSurrogatesAreRefused(String content) {
        assertThatThrownBy(() -> of(content))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith("content: must");
    }

    @Test
    void aMegabyteOfTextIsRefused() {
        assertThatThrownBy(() -> of("a".repeat(1_000_000)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("content: must be at most 25000 characters long, was 1000000");
    }

    @Test
    void moreMediaThanAnyNetworkAllowsAreRefused() {
        List<Media> media = Collections.nCopies(21, Media.described("a cat"));

        assertThatThrownBy(() -> new Post(null, null, null, null, null, media, null))
                .hasMessage("media: must be at most 20, were 21");
    }

    @Test
    void theAtSignOfAUsernameIsDropped() {
        assertThat(new Post(null, "a", "@oven", null, null, null, null).username())
                .isEqualTo("oven");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-06T08:30:15, 2026-03-06T08:30:15",
        "2026-03-06 08:30:15, 2026-03-06T08:30:15",
        "2026-03-06T08:30, 2026-03-06T08:30",
        "2026-03-06T08:30:15.250Z, 2026-03-06T08:30:15.250",
        "2026-03-06T08:30:15+05:30, 2026-03-06T08:30:15",
        "2026-03-06, 2026-03-06T12:00"
    })
    void datesAreReadAsPeopleWriteThem(String text, LocalDateTime date) {
        assertThat(PostDate.parse(text)).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tomorrow", "06.03.2026", "2026-13-01", "2026-03-06T25:00", "2026-03-06T", "1989-12-31"})
    void whatIsNoDateIsRefused(String text) {
        assertThatThrownBy(() -> PostDate.parse(text)).hasMessageStartingWith("date: must");
    }

    @Test
    void anAddressIsShortUnlessItHoldsThePictureItself() {
        String address = "http://a.b/" + "c".repeat(Media.MAX_URL - 11);
        assertThat(Media.photo(address).url()).isEqualTo(address);
        assertThatThrownBy(() -> Media.photo(address + "c")).hasMessageContaining("at most 4096");

        String picture = "DATA:image/png;base64," + "A".repeat(Media.MAX_DATA_URI - 22);
        assertThat(Media.photo(picture).url()).isEqualTo(picture);
        assertThatThrownBy(() -> Media.photo(picture + "A")).isInstanceOf(InvalidFieldException.class);
    }

    @Test
    void whoseMediaWereSeenNeedsNoLookAgain() {
        Post post = new Post(null, null, null, null, null, List.of(Media.photo("http://a.b/c")), null);
        Simulation simulation = Simulation.behavior(post, Options.DEFAULT);

        assertThat(simulation.mediaExtension()).isEqualTo(Extensions.MEDIA_SOME);
        assertThat(simulation
                        .withSights(List.of(new Sight("a loaf", null, null)))
                        .mediaExtension())
                .isEqualTo(Extensions.MEDIA_NONE);
    }
}
