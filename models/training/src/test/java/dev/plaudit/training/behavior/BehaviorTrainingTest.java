package dev.plaudit.training.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.events.Task;
import dev.plaudit.features.PostFeatures;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.training.Progress;
import dev.plaudit.training.Snapshot;
import dev.plaudit.training.behavior.DataSplit.Kind;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.training.likes.BoostingOptions;
import dev.plaudit.training.text.TextTrainingOptions;
import dev.plaudit.training.torch.TrainingState;
import dev.plaudit.trees.Estimate;
import dev.plaudit.trees.LikesModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both models trained in small, one after the other, and used. */
class BehaviorTrainingTest {
    private static final int DIM = 16;
    private static final List<LabeledPost> POSTS = LabeledPosts.of(400, 1);
    private static final SplitChoice SPLIT = new SplitChoice(Kind.RANDOM, 3);
    private static final BoostingOptions BOOSTING = new BoostingOptions(20, 3, 0.3, 1, 0.8, 0.5, 5, 1);
    private static final LikesTraining LIKES = new LikesTraining(0.8, 0.1, BOOSTING, BOOSTING);

    @TempDir
    static Path folder;

    private static final Progress SILENT = (_, _, _) -> {};
    private static final List<String> STAGES = new ArrayList<>();
    private static BucketTraining.Outcome outcome;
    private static LikesMetrics metrics;

    @BeforeAll
    static void train() throws IOException {
        Progress progress = (stage, fraction, detail) -> STAGES.add(stage);
        outcome = bucket(SPLIT, 400, DIM, false).train(POSTS, List.of(), bucket(), progress);
        metrics = LIKES.train(POSTS, bucket(), likes(), progress);
    }

    private static BucketTraining bucket(SplitChoice split, int vocabulary, int dim, boolean resume) {
        return new BucketTraining(
                split,
                new BucketTraining.Size(vocabulary, 1, dim, 2, 0.1),
                0.2,
                0.5,
                TextTrainingOptions.builder()
                        .epochs(2)
                        .learningRate(3e-3)
                        .halfPrecision(true)
                        .resume(resume)
                        .build());
    }

    private static Path bucket() {
        return folder.resolve("models/bucket");
    }

    private static Path likes() {
        return folder.resolve("models/likes");
    }

    @Test
    void theClassifierOpensAndTellsSevenBucketsApart() {
        try (TextClassifier classifier = TextClassifier.open(bucket(), InferenceOptions.DEFAULT)) {
            TextClass answer =
                    classifier.classify(List.of("Typical likes: 120")).getFirst();

            assertThat(classifier.labels())
                    .hasSize(LikeBucket.COUNT)
                    .startsWith("0-10")
                    .endsWith("over 2500");
            assertThat(answer.probabilities()).hasSize(LikeBucket.COUNT);
            assertThat(answer.embedding()).hasSize(DIM);
        }
    }

    @Test
    void theLikesModelOpensAndGoesWithTheClassifier() {
        try (LikesModel model = LikesModel.open(likes())) {
            model.requireFeatures(PostFeatures.NAMES, DIM);
            double[] probabilities = new double[LikeBucket.COUNT];
            Arrays.fill(probabilities, 1.0 / LikeBucket.COUNT);
            float[] features = PostFeatures.of(POSTS.getFirst().post(), List.of());

            Estimate estimate = model.estimate(features, new float[DIM], probabilities);

            assertThat(estimate.likes()).isBetween(estimate.low(), estimate.high());
        }
    }

    @Test
    void bothFoldersSayWhichPostsTheirModelHasNotSeen() throws IOException {
        assertThat(SplitChoice.read(bucket())).isEqualTo(SPLIT);
        assertThat(SplitChoice.read(likes())).isEqualTo(SPLIT);
        assertThat(outcome.testPosts()).isEqualTo(SPLIT.of(POSTS).test().size());
    }

    @Test
    void bothFoldersHoldACardWithTheMeasuredFigures() throws IOException {
        assertThat(Files.readString(bucket().resolve("MODEL_CARD.md")))
                .contains("| layers, width, heads | 1, 16, 2 |")
                .contains("| split | random, seed 3 |")
                .contains("account history given | **%.3f** |".formatted(outcome.testAccuracy()))
                .contains("Trained from scratch by `plaudit train bucket`")
                .contains("of 24 accounts, 2026 to 2026, 100 % of them with a text, 100 % with media");
        assertThat(Files.readString(likes().resolve("MODEL_CARD.md")))
                .contains("| split | random, seed 3 |")
                .contains("| RMSE of log1p(likes) on the posts to calibrate by | %.3f |".formatted(metrics.rmseLog()))
                .contains("Followers were known for 0 of the posts it learnt from");
    }

    @Test
    void theFiguresAreThoseOfTheModelsThatWereWritten() {
        DataSplit data = SPLIT.of(POSTS);
        AccountHistories histories = AccountHistories.of(data.known(), SPLIT.seed());
        List<TextClass> answers = BucketTraining.classify(
                histories.withHistories(data.test(), SPLIT.kind()), PromptTemplate.standard(Task.BEHAVIOR), bucket());

        long right = IntStream.range(0, answers.size())
                .filter(i -> {
                    float[] p = answers.get(i).probabilities();
                    return IntStream.range(0, p.length)
                            .allMatch(b -> p[b] <= p[data.test().get(i).bucket().ordinal()]);
                })
                .count();
        assertThat(outcome.testAccuracy())
                .isCloseTo(right / (double) data.test().size(), within(1e-9));
    }

    @Test
    void aTrainingThatMayNotGoOnLeavesItsFolderAsItIs() throws IOException {
        Snapshot trained = Snapshot.of(bucket());

        assertThatThrownBy(() -> bucket(SPLIT, 300, 2 * DIM, true).train(POSTS, List.of(), bucket(), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        BucketTraining same = bucket(SPLIT, 400, DIM, true);
        for (BucketTraining changed : List.of(
                bucket(SPLIT, 300, DIM, true),
                new BucketTraining(SPLIT, same.size(), 0.3, same.teaching(), same.options()),
                new BucketTraining(SPLIT, same.size(), same.labelSpread(), 0, same.options()))) {
            assertThatThrownBy(() -> changed.train(POSTS, List.of(), bucket(), SILENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other settings");
        }
        assertThatThrownBy(() -> bucket(new SplitChoice(Kind.COMPANY, 3), 400, DIM, true)
                        .train(POSTS, List.of(), bucket(), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was started with the split random, seed 3");
        assertThat(Snapshot.of(bucket())).isEqualTo(trained);
    }

    @Test
    void aLikesTrainingThatIsCutOffLeavesTheModelThatWasThere() throws IOException {
        Snapshot trained = Snapshot.of(likes());
        Progress cutOff = (stage, fraction, detail) -> {
            if (stage.equals("Calibrating")) {
                throw new IllegalStateException("cut off");
            }
        };

        assertThatThrownBy(() -> LIKES.train(POSTS.subList(0, 300), bucket(), likes(), cutOff))
                .hasMessage("cut off");
        assertThat(Snapshot.of(likes())).isEqualTo(trained);

        LIKES.train(POSTS, bucket(), likes(), SILENT);
        assertThat(Snapshot.of(likes())).isEqualTo(trained);
        assertThat(likes()).isDirectoryNotContaining(Files::isDirectory);
    }

    @Test
    void goesOnWithTheTokenizerThatItBeganWith(@TempDir Path other) throws IOException {
        bucket(SPLIT, 400, DIM, false).train(POSTS, List.of(), other, SILENT);
        byte[] tokenizer = Files.readAllBytes(other.resolve("tokenizer.json"));

        List<Post> unlabeled =
                List.of(POSTS.getFirst().post().withContent("Closed on Monday, for once: closed on Monday."));
        bucket(SPLIT, 400, DIM, true).train(POSTS, unlabeled, other, SILENT);

        assertThat(other.resolve("tokenizer.json")).hasBinaryContent(tokenizer);
    }

    @Test
    void aNewTrainingThatIsCutOffLeavesNoWeightsOfTheOldOne(@TempDir Path other) throws IOException {
        bucket(SPLIT, 400, DIM, false).train(POSTS, List.of(), other, SILENT);
        Progress cutOff = (stage, fraction, detail) -> {
            if (stage.equals("Training the text classifier")) {
                throw new IllegalStateException("cut off");
            }
        };

        assertThatThrownBy(() ->
                        bucket(new SplitChoice(Kind.RANDOM, 4), 400, DIM, false).train(POSTS, List.of(), other, cutOff))
                .hasMessage("cut off");

        assertThat(other.resolve(SafeTensors.FILE)).doesNotExist();
        assertThat(other.resolve(TrainingState.FILE)).doesNotExist();
    }

    @Test
    void sharesAndSpreadsThatAreNoneAreRefused() {
        BucketTraining any = bucket(SPLIT, 400, DIM, false);
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new BucketTraining(SPLIT, any.size(), 0.2, share, any.options()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (double spread : new double[] {-0.1, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThatThrownBy(() -> new BucketTraining(SPLIT, any.size(), spread, 0.5, any.options()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aModelIsTrainedOnInItsOwnFolder(@TempDir Path other) throws IOException {
        BucketTraining first = bucket(SPLIT, 400, DIM, false);
        first.train(POSTS, List.of(), other, SILENT);

        BucketTraining.Outcome again = new BucketTraining(
                        SPLIT,
                        first.size(),
                        first.labelSpread(),
                        first.teaching(),
                        TextTrainingOptions.builder().epochs(1).start(other).build())
                .train(POSTS, List.of(), other, SILENT);

        assertThat(again.history().epochs()).hasSize(1);
        assertThat(other.resolve("MODEL_CARD.md"))
                .content()
                .contains("Trained on from another checkpoint by `plaudit train bucket --from`.")
                .doesNotContain("no pretrained weights");
    }

    @Test
    void whatCannotBeTrainedIsRefusedBeforeAnythingIsWritten() throws IOException {
        Snapshot trained = Snapshot.of(bucket());
        List<LabeledPost> nameless = POSTS.stream()
                .map(post -> new LabeledPost(
                        new Post(post.post().id(), "of nobody", null, null, null, List.of(), null), post.likes()))
                .toList();

        assertThatThrownBy(() -> bucket(SPLIT, 400, DIM, false).train(POSTS.subList(0, 9), List.of(), bucket(), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too few posts");
        assertThatThrownBy(() -> bucket(new SplitChoice(Kind.COMPANY, 3), 400, DIM, false)
                        .train(nameless, List.of(), bucket(), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there must be some of each");
        assertThatThrownBy(() -> bucket(SPLIT, 400, DIM + 1, false).train(POSTS, List.of(), bucket(), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be shared by 2 heads");
        assertThat(Snapshot.of(bucket())).isEqualTo(trained);
    }

    @Test
    void progressIsToldFromTheStart() {
        assertThat(STAGES).startsWith("Preparing");
        assertThat(STAGES.stream().distinct()).hasSizeGreaterThan(2);
    }

    @Test
    void aClassifierThatDoesNotSayItsSplitIsRefused(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> SplitChoice.read(other))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("has no split.json, so nobody can say which posts its model has not seen.");
        for (String damaged : List.of(
                "{\"kind\":\"LUNAR\"}", "{}", "{\"kind\":\"RANDOM\"}", "{\"seed\":1}", "{\"kind\":null,\"seed\":1}")) {
            Files.writeString(other.resolve(SplitChoice.FILE), damaged);
            assertThatThrownBy(() -> SplitChoice.read(other))
                    .as(damaged)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("split.json is damaged: ");
        }
    }
}
