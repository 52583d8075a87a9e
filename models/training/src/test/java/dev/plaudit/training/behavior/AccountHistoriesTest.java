package dev.plaudit.training.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountHistoriesTest {
    private static final double EPSILON = 1e-9;

    private static List<Integer> likes(Post post) {
        return post.account().history().stream().map(EarlierPost::likes).toList();
    }

    private static LabeledPost post(int hour, int likes) {
        return LabeledPosts.of("Oven & Co", "ovenandco", hour, likes);
    }

    @Test
    void aKnownPostsHistoryNeverHoldsItsOwnLikes() {
        List<LabeledPost> known = IntStream.range(0, 200)
                .mapToObj(hour -> post(hour, 1000 + hour))
                .toList();
        AccountHistories histories = AccountHistories.of(known, 1);

        for (LabeledPost each : known) {
            List<Integer> history = likes(histories.withHistoryOutOfFold(each));
            assertThat(history).doesNotContain(each.likes());
            assertThat(history.size()).isBetween(160, 195);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKnownPostWithoutADateHasAHistoryToo(boolean withId) {
        List<LabeledPost> known = IntStream.range(0, 200)
                .mapToObj(i -> new LabeledPost(
                        new Post(withId ? "" + i : null, "text " + i, "ovenandco", "Oven & Co", null, null, null),
                        1000 + i))
                .toList();
        AccountHistories histories = AccountHistories.of(known, 1);

        for (LabeledPost each : known) {
            List<Integer> history = likes(histories.withHistoryOutOfFold(each));
            assertThat(history).doesNotContain(each.likes());
            assertThat(history.size()).isBetween(160, 195);
        }
    }

    @Test
    void postsThatLeaveOutTheSameTenthShareOneHistory() {
        List<LabeledPost> known =
                IntStream.range(0, 200).mapToObj(hour -> post(hour, hour)).toList();
        AccountHistories histories = AccountHistories.of(known, 1);

        assertThat(known.stream()
                        .map(each ->
                                histories.withHistoryOutOfFold(each).account().typicalLikes())
                        .distinct())
                .hasSizeBetween(2, 10);
    }

    @Test
    void theOnlyPostOfAnAccountAndCompanyHasNoHistory() {
        LabeledPost only = post(1, 500);
        AccountHistories histories = AccountHistories.of(List.of(only, LabeledPosts.of("Bank", "bank", 2, 7)), 1);

        assertThat(histories.withHistoryOutOfFold(only)).isEqualTo(only.post());
    }

    @Test
    void anUnseenPostHasTheHistoryOfAllKnownOnes() {
        AccountHistories histories = AccountHistories.of(List.of(post(1, 30), post(2, 10), post(3, 20)), 1);

        assertThat(likes(histories.withHistory(post(9, 999)))).containsExactly(10, 20, 30);
    }

    @Test
    void namesAreComparedWithoutCase() {
        AccountHistories histories = AccountHistories.of(List.of(post(1, 30)), 1);

        assertThat(likes(histories.withHistory(LabeledPosts.of("OVEN & co", "OvenAndCo", 9, 999))))
                .containsExactly(30);
    }

    @Test
    void aHistoryTellsWhenItsPostsWereAndWhatTheyCarried() {
        LabeledPost earlier = post(1, 30);

        assertThat(AccountHistories.of(List.of(earlier), 1)
                        .withHistory(post(9, 999))
                        .account()
                        .history())
                .containsExactly(new EarlierPost(30, earlier.post().date(), MediaKind.PHOTO));
    }

    /** In ln 2: logs of the account 3 and 4, of the company's other account 1, of another company 0, 0 and 2. */
    @Test
    void typicalLikesAreTheAccountsMeanDrawnToItsCompanysDrawnToAll() {
        AccountHistories histories = AccountHistories.of(
                List.of(
                        exact("a", "one", 1, 7),
                        exact("a", "one", 2, 15),
                        exact("a", "two", 3, 1),
                        exact("b", "three", 4, 0),
                        exact("b", "three", 5, 0),
                        exact("b", "three", 6, 3)),
                1);
        double ln2 = Math.log(2);
        double global = 1.5 * ln2;
        double company = (8 * ln2 + 2 * global) / 5;
        double account = (7 * ln2 + company) / 3;

        assertThat(histories.globalMedian()).isCloseTo(Math.expm1(global), within(EPSILON));
        assertThat(histories.accountMedian(exact("a", "one", 9, 0))).isCloseTo(Math.expm1(3.5 * ln2), within(EPSILON));
        assertThat(typical(histories, "a", "one")).isCloseTo(Math.expm1(account), within(EPSILON));
        assertThat(typical(histories, "a", "new")).isCloseTo(Math.expm1(company), within(EPSILON));
        assertThat(typical(histories, "new", "new")).isNull();
        assertThat(histories.accountMedian(exact("new", "new", 9, 0))).isNaN();
    }

    private static LabeledPost exact(String company, String username, int hour, int likes) {
        return LabeledPosts.of(company, username, hour, likes);
    }

    private static Double typical(AccountHistories histories, String company, String username) {
        return histories.withHistory(exact(company, username, 9, 0)).account().typicalLikes();
    }

    @Test
    void postsWithoutNamesShareNoHistory() {
        LabeledPost nameless = new LabeledPost(new Post("1", "a", null, null, null, null, null), 50);
        AccountHistories histories = AccountHistories.of(List.of(nameless, nameless), 1);

        assertThat(histories.withHistory(nameless)).isEqualTo(nameless.post());
    }

    @Test
    void aLongHistoryIsThinnedEvenly() {
        List<LabeledPost> known = new ArrayList<>(
                IntStream.range(0, 2500).mapToObj(hour -> post(hour, hour)).toList());

        List<Integer> history = likes(AccountHistories.of(known, 1).withHistory(post(0, 0)));

        assertThat(history.size()).isBetween(Account.MAX_HISTORY / 2, Account.MAX_HISTORY);
        assertThat(history).isSorted();
        assertThat(history.getFirst()).isLessThan(5);
        assertThat(history.getLast()).isGreaterThan(2494);
        assertThat(history.get(history.size() / 2)).isCloseTo(1250, within(3));
    }

    @Test
    void whatElseIsKnownOfTheAccountStays() {
        Account known = new Account(1300L, "Leeds", null, null);
        LabeledPost unseen = new LabeledPost(post(9, 1).post().withAccount(known), 1);

        Account account =
                AccountHistories.of(List.of(post(1, 30)), 1).withHistory(unseen).account();

        assertThat(account.followers()).isEqualTo(1300);
        assertThat(account.location()).isEqualTo("Leeds");
    }

    @Test
    void aNewCustomersHistoryIsTheLastFewEarlierPosts() {
        List<LabeledPost> posts = List.of(
                post(5, 50),
                post(1, 10),
                post(3, 30),
                post(2, 20),
                post(5, 55),
                LabeledPosts.of("Bank", "bank", 4, 1),
                new LabeledPost(new Post("1", "undated", "ovenandco", null, null, null, null), 7));

        List<Post> withEarlier = AccountHistories.withEarlierPosts(posts, posts, 2);

        assertThat(withEarlier)
                .extracting(AccountHistoriesTest::likes)
                .containsExactly(
                        List.of(20, 30),
                        List.of(),
                        List.of(10, 20),
                        List.of(10),
                        List.of(20, 30),
                        List.of(),
                        List.of());
        assertThat(withEarlier).extracting(Post::content).startsWith("post of hour 5", "post of hour 1");
    }

    @Test
    void ofAnUnseenCompanyItsOwnEarlierPostsAreKnown() {
        AccountHistories histories = AccountHistories.of(List.of(post(1, 30)), 1);
        List<LabeledPost> unseen = List.of(post(2, 40), post(3, 50));

        assertThat(histories.withHistories(unseen, DataSplit.Kind.COMPANY))
                .extracting(AccountHistoriesTest::likes)
                .containsExactly(List.of(), List.of(40));
        assertThat(histories.withHistories(unseen, DataSplit.Kind.TIME))
                .extracting(AccountHistoriesTest::likes)
                .containsExactly(List.of(30), List.of(30));
    }

    @Test
    void whatACompanyGetsIsToldWithoutThePostsOwnTenth() {
        LabeledPost only = post(1, 500);
        AccountHistories alone = AccountHistories.of(List.of(only, LabeledPosts.of("Bank", "bank", 2, 7)), 1);
        assertThat(alone.companyOutOfFold(only)).containsExactly(0, Double.NaN, Double.NaN, Double.NaN);

        List<LabeledPost> known =
                IntStream.range(0, 100).mapToObj(hour -> post(hour, 9)).toList();
        List<LabeledPost> oneLoud = new ArrayList<>(known);
        oneLoud.set(50, post(50, 1_000_000));
        assertThat(AccountHistories.of(oneLoud, 1).companyOutOfFold(oneLoud.get(50)))
                .containsExactly(AccountHistories.of(known, 1).companyOutOfFold(known.get(50)), within(EPSILON));
    }

    @Test
    void theMedianOfAPostsOwnHistoryIsABaseline() {
        Post post = post(9, 1).post();

        assertThat(AccountHistories.medianOfHistory(
                        post.withAccount(new Account(null, null, null, EarlierPost.ofLikes(7, 3, 5)))))
                .isCloseTo(5, within(EPSILON));
        assertThat(AccountHistories.medianOfHistory(post)).isNaN();
    }
}
