package dev.plaudit.training.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Post;
import dev.plaudit.training.behavior.DataSplit.Kind;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataSplitTest {
    private static final List<LabeledPost> POSTS = LabeledPosts.of(4000, 1);

    private static <T> Set<T> all(List<LabeledPost> posts, Function<LabeledPost, T> property) {
        return posts.stream().map(property).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RANDOM", "TIME"})
    void holdsATenthBackToChooseByAndAFifthUnseen(Kind kind) {
        DataSplit split = DataSplit.of(POSTS, kind, 1);

        assertThat(split.train().size()).isCloseTo(2800, within(100));
        assertThat(split.validation().size()).isCloseTo(400, within(60));
        assertThat(split.test().size()).isCloseTo(800, within(80));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyPostGoesOneWay(Kind kind) {
        DataSplit split = DataSplit.of(POSTS, kind, 1);

        List<LabeledPost> together = new ArrayList<>(split.known());
        together.addAll(split.test());
        assertThat(together).containsExactlyInAnyOrderElementsOf(POSTS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theWayDoesNotDependOnTheOrder(Kind kind) {
        List<LabeledPost> shuffled = new ArrayList<>(POSTS);
        Collections.shuffle(shuffled, new Random(2));

        DataSplit split = DataSplit.of(POSTS, kind, 1);
        DataSplit ofShuffled = DataSplit.of(shuffled, kind, 1);

        assertThat(ofShuffled.train()).hasSameElementsAs(split.train());
        assertThat(ofShuffled.validation()).hasSameElementsAs(split.validation());
        assertThat(ofShuffled.test()).hasSameElementsAs(split.test());
    }

    @Test
    void theWayDoesNotDependOnOtherPosts() {
        List<LabeledPost> half = POSTS.subList(0, 2000);

        assertThat(DataSplit.of(POSTS, Kind.RANDOM, 1).test())
                .containsAll(DataSplit.of(half, Kind.RANDOM, 1).test());
    }

    @Test
    void anotherSeedDrawsOthers() {
        Set<LabeledPost> both =
                new HashSet<>(DataSplit.of(POSTS, Kind.RANDOM, 1).test());
        both.retainAll(DataSplit.of(POSTS, Kind.RANDOM, 2).test());

        assertThat(both.size()).isCloseTo(160, within(60));
    }

    @Test
    void aCompanyIsKnownOrUnknownAsAWhole() {
        DataSplit split = DataSplit.of(POSTS, Kind.COMPANY, 6);

        Set<String> train = all(split.train(), LabeledPost::companyKey);
        Set<String> validation = all(split.validation(), LabeledPost::companyKey);
        Set<String> test = all(split.test(), LabeledPost::companyKey);
        assertThat(train).isNotEmpty().doesNotContainAnyElementsOf(test).doesNotContainAnyElementsOf(validation);
        assertThat(test).isNotEmpty().doesNotContainAnyElementsOf(validation);
    }

    @Test
    void theLatestPostsAreUnseen() {
        DataSplit split = DataSplit.of(POSTS, Kind.TIME, 1);

        LocalDateTime lastLearnt =
                Collections.max(all(split.train(), post -> post.post().date()));
        LocalDateTime firstChosenBy =
                Collections.min(all(split.validation(), post -> post.post().date()));
        LocalDateTime lastChosenBy =
                Collections.max(all(split.validation(), post -> post.post().date()));
        LocalDateTime firstUnseen =
                Collections.min(all(split.test(), post -> post.post().date()));
        assertThat(lastLearnt).isBefore(firstChosenBy);
        assertThat(lastChosenBy).isBefore(firstUnseen);
    }

    @Test
    void aPostWithoutADateCannotBeSplitByTime() {
        LabeledPost undated = new LabeledPost(new Post("1", "a", "b", "c", null, null, null), 1);

        assertThatThrownBy(() -> DataSplit.of(List.of(undated), Kind.TIME, 1))
                .hasMessage("a split by time needs posts with dates");
        assertThat(DataSplit.of(List.of(undated), Kind.RANDOM, 1).known().size()
                        + DataSplit.of(List.of(undated), Kind.RANDOM, 1).test().size())
                .isOne();
    }

    @Test
    void postsOfOneAccountAtOneTimeStayTogether() {
        List<LabeledPost> twins = new ArrayList<>();
        for (int hour = 0; hour < 300; hour++) {
            twins.add(LabeledPosts.of("Oven & Co", "ovenandco", hour, 10));
            twins.add(LabeledPosts.of("Oven & Co", "OvenAndCo", hour, 11));
        }

        DataSplit split = DataSplit.of(twins, Kind.RANDOM, 1);

        for (List<LabeledPost> side : List.of(split.train(), split.validation(), split.test())) {
            assertThat(side)
                    .isNotEmpty()
                    .hasSize(2 * all(side, post -> post.post().date()).size());
        }
    }

    @Test
    void postsWithNeitherDateNorIdAreSpreadByTheirText() {
        List<LabeledPost> undated = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            undated.add(undated(null, "text " + i));
            undated.add(undated(null, "text " + i));
        }

        DataSplit split = DataSplit.of(undated, Kind.RANDOM, 1);

        for (List<LabeledPost> side : List.of(split.train(), split.validation(), split.test())) {
            assertThat(side)
                    .isNotEmpty()
                    .hasSize(2 * all(side, post -> post.post().content()).size());
        }
    }

    /** A model is measured by the split that it was trained with: if that moved, on posts that it knows. */
    @Test
    void aSplitStaysWhatItWas() {
        assertThat(parts(hour -> LabeledPosts.of("Oven & Co", "ovenandco", hour, 10)))
                .isEqualTo("0000010000002010000000200010010010020000");
        assertThat(parts(id -> undated("" + id, "text"))).isEqualTo("1220000020000020000012021000010100202000");
    }

    private static String parts(IntFunction<LabeledPost> posts) {
        return IntStream.range(0, 40)
                .mapToObj(i -> DataSplit.partByKey(posts.apply(i).post(), Kind.RANDOM, 1)
                                .ordinal() + "")
                .collect(Collectors.joining());
    }

    private static LabeledPost undated(String id, String content) {
        return new LabeledPost(new Post(id, content, "ovenandco", "Oven & Co", null, null, null), 10);
    }
}
