package dev.plaudit.training.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.events.Task;
import dev.plaudit.features.PromptTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketExamplesTest {
    private static final PromptTemplate TEMPLATE = PromptTemplate.standard(Task.BEHAVIOR);
    private static final LabeledPost LABEL = LabeledPosts.of("Oven & Co", "ovenandco", 1, 250);
    private static final Post POST =
            LABEL.post().withAccount(new Account(null, null, 240.0, EarlierPost.ofLikes(100, 200, 300, 400)));
    private static final float[] TAUGHT = {0, 0, 0, 0.5f, 0.5f, 0, 0};
    private static final int EPOCHS = 2000;

    private static BucketExamples augmented(long seed) {
        return augmented(seed, 0);
    }

    private static BucketExamples augmented(long seed, double teaching) {
        return BucketExamples.augmented(List.of(POST), List.of(LABEL), TEMPLATE, 0.2, List.of(TAUGHT), teaching, seed);
    }

    private static float[] target(int likes, double spread) {
        return BucketExamples.target(LabeledPosts.of("Oven & Co", "ovenandco", 1, likes), spread);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 11, 100, 299, 400, 1000, 2500, 2501, 1_000_000, Integer.MAX_VALUE})
    void aTargetSumsToOneAndFavoursTheTrueBucket(int likes) {
        float[] target = target(likes, 0.2);

        double sum = 0;
        for (float share : target) {
            assertThat(share).isBetween(0f, 1f);
            sum += share;
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(target[LikeBucket.ofLikes(likes).ordinal()])
                .isEqualTo((float) Arrays.stream(toDoubles(target)).max().orElseThrow());
    }

    private static double[] toDoubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void aTargetSpreadsToTheNeighboursByTheNormalDistribution() {
        float[] atTheBorder = target(300, 0.2);

        assertThat(atTheBorder[2]).isCloseTo(0.503f, within(0.002f));
        assertThat(atTheBorder[3]).isCloseTo(0.491f, within(0.005f));
        assertThat(target(300, 0)).containsExactly(0, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void anExampleToMeasureOnIsTheWholePromptInEveryEpoch() {
        BucketExamples whole = BucketExamples.whole(List.of(POST), List.of(LABEL), TEMPLATE);

        String prompt = TEMPLATE.write(POST, List.of()).text();
        assertThat(whole.text(0, 0)).isEqualTo(prompt);
        assertThat(whole.text(0, 7)).isEqualTo(prompt);
        assertThat(whole.target(0)).containsExactly(0, 0, 1, 0, 0, 0, 0);
        assertThat(whole.size()).isOne();
    }

    @Test
    void theSameExampleAndEpochAreTheSameText() {
        List<String> once = IntStream.range(0, 50)
                .mapToObj(epoch -> augmented(1).text(0, epoch))
                .toList();
        BucketExamples again = augmented(1);

        assertThat(IntStream.range(0, 50).mapToObj(epoch -> again.text(0, epoch)))
                .containsExactlyElementsOf(once);
        assertThat(once.stream().distinct().count()).isGreaterThan(25);
    }

    @Test
    void anotherSeedAugmentsInAnotherWay() {
        List<String> texts =
                IntStream.range(0, 20).mapToObj(e -> augmented(1).text(0, e)).toList();
        assertThat(IntStream.range(0, 20)
                        .mapToObj(e -> augmented(1000).text(0, e))
                        .toList())
                .isNotEqualTo(texts);
    }

    @Test
    void partsAreLeftOutAtRandom() {
        BucketExamples examples = augmented(1);
        List<String> texts =
                IntStream.range(0, EPOCHS).mapToObj(e -> examples.text(0, e)).toList();

        assertThat(share(texts, "Typical likes:")).isCloseTo(0.15 + 0.85 * 0.9 * 0.94, within(0.03));
        assertThat(share(texts, "Range of likes:")).isCloseTo(0.7 * (0.15 + 0.85 * 0.9), within(0.04));
        assertThat(share(texts, "Company:")).isCloseTo(0.8, within(0.04));
        assertThat(share(texts, "Media:")).isCloseTo(0.7, within(0.04));
        assertThat(share(texts, "chair") + share(texts, "crowd")).isCloseTo(0.5 * 0.85, within(0.04));
    }

    @Test
    void nowAndThenNothingIsToldOfTheAccountsLikes() {
        BucketExamples examples = augmented(1);
        List<String> texts =
                IntStream.range(0, EPOCHS).mapToObj(e -> examples.text(0, e)).toList();

        assertThat(1 - share(texts, "likes")).isCloseTo(0.85 * (0.1 + 0.9 * 0.06 * 0.3), within(0.03));
    }

    private static double share(List<String> texts, String words) {
        return texts.stream().filter(text -> text.contains(words)).count() / (double) texts.size();
    }

    @Test
    void aHistoryIsNowAndThenAsShortAsANewAccounts() {
        BucketExamples examples = augmented(1);

        assertThat(IntStream.range(0, EPOCHS)
                        .mapToObj(e -> examples.text(0, e))
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("Typical likes:"))
                        .collect(Collectors.toSet()))
                .contains("Typical likes: 270")
                .hasSizeGreaterThan(3);
    }

    @Test
    void anAugmentedPromptHasNoEmptyLines() {
        BucketExamples examples = augmented(1);

        assertThat(IntStream.range(0, 200).mapToObj(e -> examples.text(0, e)).flatMap(String::lines))
                .noneMatch(String::isBlank);
    }

    @Test
    void aTargetIsDrawnToWhatTheTeacherSays() {
        float[] alone = augmented(1, 0).target(0);
        float[] taught = augmented(1, 0.75).target(0);

        for (int bucket = 0; bucket < TAUGHT.length; bucket++) {
            assertThat(taught[bucket]).isCloseTo(0.25f * alone[bucket] + 0.75f * TAUGHT[bucket], within(1e-6f));
        }
    }

    @Test
    void anAccountIsNowAndThenShownUnderNamesThatNobodyHasButNeverWithoutItsTypicalLikes() {
        Post other = new Post(null, "Hello", "northernbank", "Northern Bank", null, null, POST.account());
        BucketExamples examples = BucketExamples.augmented(
                List.of(POST, other), List.of(LABEL, LABEL), TEMPLATE, 0, List.of(TAUGHT, TAUGHT), 0, 1);
        List<String> texts =
                IntStream.range(0, EPOCHS).mapToObj(e -> examples.text(0, e)).toList();

        List<String> renamed = texts.stream()
                .filter(text -> text.lines()
                        .anyMatch(line -> line.startsWith("Username: ")
                                && !line.equals("Username: ovenandco")
                                && !line.equals("Username: northernbank")))
                .toList();
        assertThat(renamed).hasSizeBetween(EPOCHS / 40, EPOCHS / 6);
        assertThat(renamed).allMatch(text -> text.contains("Typical likes:"));
    }

    @Test
    void somethingIsAlwaysLeft() {
        Post bare = new Post(null, "Hello", null, null, null, null, null);
        BucketExamples examples = BucketExamples.augmented(
                List.of(bare), List.of(new LabeledPost(bare, 3)), TEMPLATE, 0.2, List.of(TAUGHT), 0, 1);

        assertThat(IntStream.range(0, 300).mapToObj(e -> examples.text(0, e))).noneMatch(String::isBlank);
    }
}
