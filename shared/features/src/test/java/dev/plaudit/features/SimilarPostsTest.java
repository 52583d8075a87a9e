package dev.plaudit.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarPostsTest {
    private static final LocalDateTime DATE = LocalDateTime.of(2026, 3, 6, 8, 30);
    private static final double EPSILON = 1e-12;
    private static final double TYPICAL = 199;
    private static final double A = Math.log(101);
    private static final double B = Math.log(401);

    private static SimilarPosts of(LocalDateTime date, MediaKind kind, double typical, EarlierPost... history) {
        List<Media> media = kind == null ? List.of() : List.of(new Media(kind, null, null, "a cup"));
        Account account = new Account(null, null, null, List.of(history));
        return SimilarPosts.of(new Post(null, "Hello", null, null, date, media, account), typical);
    }

    @Test
    void nearPostsCountTheMoreTheNearerThatTheyAreBeforeOrAfter() {
        SimilarPosts similar = of(
                DATE,
                MediaKind.PHOTO,
                TYPICAL,
                new EarlierPost(100, DATE.minusDays(90), MediaKind.PHOTO),
                new EarlierPost(400, DATE.plusHours(12), MediaKind.VIDEO));
        double mean = (A + B + Math.log(200)) / 3;

        assertThat(similar.mean()).isCloseTo(mean, within(EPSILON));
        assertThat(similar.within10Days()).isCloseTo(near(10, mean), within(EPSILON));
        assertThat(similar.within45Days()).isCloseTo(near(45, mean), within(EPSILON));
        assertThat(similar.within180Days()).isCloseTo(near(180, mean), within(EPSILON));
        assertThat(similar.datedPosts()).isEqualTo(2);
        assertThat(similar.within10Days()).isGreaterThan(similar.within180Days());
    }

    private static double near(double scale, double mean) {
        double old = Math.exp(-90 / scale);
        double fresh = Math.exp(-0.5 / scale);
        return (old * A + fresh * B + 0.5 * mean) / (old + fresh + 0.5);
    }

    @Test
    void postsOfTheSameKindAreToldApart() {
        EarlierPost[] history = {
            new EarlierPost(100, DATE.minusDays(45), MediaKind.PHOTO), new EarlierPost(400, DATE, MediaKind.VIDEO)
        };
        SimilarPosts photo = of(DATE, MediaKind.PHOTO, TYPICAL, history);
        double mean = photo.mean();

        assertThat(photo.kind()).isCloseTo((A + 2 * mean) / 3, within(EPSILON));
        assertThat(photo.kindWithin45Days()).isCloseTo((A / Math.E + mean) / (1 / Math.E + 1), within(EPSILON));
        assertThat(photo.postsOfKind()).isOne();
        assertThat(of(DATE, MediaKind.VIDEO, TYPICAL, history).kind()).isGreaterThan(photo.kind());
        assertThat(of(DATE, MediaKind.GIF, TYPICAL, history).kind()).isEqualTo(mean);
        assertThat(of(DATE, null, TYPICAL, history).postsOfKind()).isZero();
        assertThat(of(DATE, null, TYPICAL, new EarlierPost(100, DATE, null)).postsOfKind())
                .isZero();
    }

    @Test
    void withoutDatesAndKindsAllIsTheMeanDrawnToWhatIsTypical() {
        double mean = (A + B + Math.log(200)) / 3;

        assertThat(of(DATE, MediaKind.PHOTO, TYPICAL, EarlierPost.ofLikes(100), EarlierPost.ofLikes(400)))
                .isEqualTo(new SimilarPosts(mean, mean, mean, mean, mean, mean, 0, 0));
        assertThat(of(null, null, TYPICAL, new EarlierPost(100, DATE, null)).datedPosts())
                .isZero();
    }

    @Test
    void ofAnAccountWithoutHistoryOnlyWhatIsTypicalIsKnown() {
        double typical = Math.log(200);

        assertThat(of(DATE, MediaKind.PHOTO, TYPICAL))
                .isEqualTo(new SimilarPosts(typical, typical, typical, typical, typical, typical, 0, 0));
        assertThat(of(DATE, MediaKind.PHOTO, Double.NaN).kind()).isNaN();
    }
}
