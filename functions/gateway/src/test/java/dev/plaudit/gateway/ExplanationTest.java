package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Account;
import dev.plaudit.events.Driver;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Task;
import dev.plaudit.features.PostFeatures;
import dev.plaudit.features.PromptTemplate;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static Engagement engagement(LikeBucket bucket, Driver... drivers) {
        return new Engagement(
                bucket,
                Collections.nCopies(7, 1 / 7.0),
                bucket.low(),
                bucket.low(),
                bucket.low(),
                bucket.level(),
                List.of(drivers));
    }

    private static Driver prompt(String name, double effect) {
        return new Driver(name, Driver.Source.PROMPT, effect);
    }

    private static Driver feature(String name, double effect) {
        return new Driver(name, Driver.Source.FEATURE, effect);
    }

    @Test
    void aHighLevelIsExplainedByWhatRaisesTheLikes() {
        assertThat(Explanation.of(
                        LikeLevel.HIGH,
                        engagement(
                                LikeBucket.OVER_2500,
                                feature("typical_likes_log1p", 4.2),
                                prompt("company", 1.5),
                                feature("hour", 0.8),
                                prompt("caption", 1.1),
                                feature("links", 1.05))))
                .isEqualTo(
                        "Mostly because of what the account usually gets (×4.20), the company (×1.50) and what the picture"
                                + " shows (×1.10); against it: the hour (×0.80).");
    }

    @Test
    void aLowLevelIsExplainedByWhatLowersThem() {
        assertThat(Explanation.of(
                        LikeLevel.LOW,
                        engagement(LikeBucket.UP_TO_10, feature("typical_likes_log1p", 0.1), prompt("content", 1.2))))
                .isEqualTo("Mostly because of what the account usually gets (×0.10); against it: the words of the"
                        + " text (×1.20).");
    }

    @Test
    void whatLiesInTheMiddleMayComeOfBoth() {
        assertThat(Explanation.of(
                        LikeLevel.MEDIUM,
                        engagement(LikeBucket.UP_TO_300, prompt("company", 1.5), feature("hour", 0.8))))
                .isEqualTo("Mostly because of the company (×1.50) and the hour (×0.80).");
    }

    @Test
    void theSameInWordsIsSaidOnceAsItIsStrongest() {
        assertThat(Explanation.of(
                        LikeLevel.HIGH,
                        engagement(
                                LikeBucket.OVER_2500,
                                feature("typical_likes_log1p", 4.2),
                                prompt("typical_likes", 0.7),
                                feature("mean_likes_log1p", 1.3))))
                .isEqualTo("Mostly because of what the account usually gets (×4.20).");
    }

    @Test
    void aDisagreementOfTheTwoModelsIsSaid() {
        assertThat(Explanation.of(LikeLevel.LOW, engagement(LikeBucket.UP_TO_2500, prompt("company", 2))))
                .isEqualTo("Scoring disagrees and expects 1,001 likes, high, mostly because of the company (×2.00).");
    }

    @Test
    void whereNothingStandsOutThatIsSaid() {
        assertThat(Explanation.of(LikeLevel.LOW, engagement(LikeBucket.UP_TO_10)))
                .isEqualTo("Mostly because of no single thing.");
    }

    @Test
    void aPartOfADeploymentsOwnPromptGoesByItsName() {
        assertThat(Explanation.of(LikeLevel.LOW, engagement(LikeBucket.UP_TO_10, prompt("company+picture_text", 0.5))))
                .contains("company and picture text (×0.50)");
    }

    @Test
    void thereAreWordsForEveryFeatureAndEveryPartOfTheStandardPrompt() {
        Post full = new Post(
                null,
                "Fresh bread",
                "ovenandco",
                "Oven & Co",
                LocalDateTime.of(2026, 3, 6, 8, 30),
                List.of(Media.described("a loaf")),
                new Account(
                        10L,
                        "Leeds",
                        120.0,
                        List.of(new EarlierPost(90, LocalDateTime.of(2026, 3, 1, 9, 0), MediaKind.PHOTO))));

        assertThat(Explanation.WORDS)
                .containsKeys(PostFeatures.NAMES.toArray(String[]::new))
                .containsKey("text");
        assertThat(PromptTemplate.standard(Task.BEHAVIOR).write(full, List.of()).parts())
                .extracting(Prompt.Part::name)
                .allMatch(Explanation.WORDS::containsKey);
    }
}
