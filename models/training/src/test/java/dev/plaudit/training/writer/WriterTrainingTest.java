package dev.plaudit.training.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.Media;
import dev.plaudit.events.Post;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.decoding.NgramIndex;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.training.Progress;
import dev.plaudit.training.Snapshot;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.evaluation.WritingReport;
import dev.plaudit.training.language.LanguageTrainingOptions;
import dev.plaudit.training.language.LlamaTorchScript;
import dev.plaudit.training.torch.TrainingState;
import dev.plaudit.training.writer.WriterData.Written;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTrainingTest {
    private static final Progress SILENT = (_, _, _) -> {};
    private static final SplitChoice SPLIT = new SplitChoice(DataSplit.Kind.RANDOM, 4);

    /** Bakers' posts get few likes, bikers' many; every post of an account says the same but for the weekday. */
    private static final List<LabeledPost> LABELED = IntStream.range(0, 90)
            .mapToObj(i -> new LabeledPost(post(i, i % 2 == 0), i % 2 == 0 ? 20 + i % 5 : 3000 + i))
            .toList();

    private static final List<Post> UNLABELED =
            IntStream.range(90, 150).mapToObj(i -> post(i, i % 2 == 0)).toList();

    @TempDir
    Path folder;

    private static Post post(int i, boolean baker) {
        LocalDateTime date = LocalDateTime.of(2026, 1, 1, 9, 0).plusHours(5L * i);
        return new Post(
                Integer.toString(i),
                baker ? "Warm sourdough &amp; rolls from six! <hyperlink>" : "Ride out with us on Sunday, 10 am.",
                baker ? "ovenandco" : "bluebikes",
                baker ? "Oven & Co" : "Blue Bikes",
                date,
                List.of(Media.described(baker ? "a loaf" : "a bike")),
                null);
    }

    private static WriterTraining training(int vocabulary, int epochs, boolean resume) {
        return training(vocabulary, epochs, resume, Optional.empty());
    }

    private static WriterTraining training(int vocabulary, int epochs, boolean resume, Optional<Path> base) {
        return new WriterTraining(
                SPLIT,
                new WriterTraining.Size(vocabulary, 2, 64),
                0.6,
                6,
                4,
                new LanguageTrainingOptions(
                        epochs,
                        Duration.ofHours(1),
                        8,
                        256,
                        5e-3,
                        0.05,
                        0.01,
                        1,
                        0.8,
                        0,
                        40,
                        50,
                        1,
                        3,
                        resume,
                        base,
                        Optional.empty()));
    }

    @Test
    void whatIsServedWritesAndJudgesAsItWasTaught() throws Exception {
        WriterTraining.Outcome outcome =
                training(400, 12, false).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);

        assertThat(outcome.history().bestRound().perplexity()).isLessThan(1.3);
        WritingReport report = outcome.report();
        assertThat(report.perplexity()).isLessThan(1.3);
        assertThat(row(report, "consensus").metrics().bleu().score()).isGreaterThan(90);
        assertThat(report.levels().getFirst().accuracy()).isGreaterThan(0.95);
        assertThat(report.levels().getFirst().bestConstant()).isLessThan(0.75);
        assertThat(report.levels().getFirst().calibration().expectedError()).isLessThan(0.2);
        assertThat(LevelCalibration.in(folder)).isNotEqualTo(LevelCalibration.NONE);
        assertThat(report.text()).contains("expected calibration error 0.");
        assertThat(report.copies().longest())
                .as("such uniform posts can only be copied")
                .isGreaterThanOrEqualTo(5);
        assertThat(report.text()).contains("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp", "like level");
        assertThat(report.html()).contains("<td>Plaudit, greedy</td>", "method1");
        assertThat(report.json()).contains("\"meanSentenceBleu\"", "\"bestConstant\"");
        assertThat(folder.resolve("generation_config.json")).content().contains("\"min_new_tokens\" : ");
        try (NgramIndex index = NgramIndex.open(folder.resolve(NgramIndex.FILE))) {
            assertThat(index.size()).isEqualTo(4);
        }
        assertThat(folder.resolve("MODEL_CARD.md")).content().contains("words in a row of 6 sampled posts");
    }

    /** Greedy search and beams may not say again what the prompt shows, which here is the post itself. */
    private static WritingReport.Row row(WritingReport report, String writer) {
        return report.rows().stream()
                .filter(row -> row.writer().contains(writer))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void goesOnWithTheTokenizerThatItBeganWith() throws Exception {
        training(400, 1, true).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        byte[] tokenizer = Files.readAllBytes(folder.resolve("tokenizer.json"));

        List<LabeledPost> others = LABELED.stream()
                .map(post -> new LabeledPost(post.post().withContent("Closed on Monday, for once."), post.likes()))
                .toList();
        training(400, 1, true).train(others, UNLABELED, "other posts", folder, _ -> {}, SILENT);

        assertThat(folder.resolve("tokenizer.json")).hasBinaryContent(tokenizer);
    }

    @Test
    void aWriterThatConversesIsAskedInAConversation() throws Exception {
        training(400, 1, false).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        Files.writeString(folder.resolve("chat_template.jinja"), "Asked: {{ messages[0].content }}");
        Post post = UNLABELED.getFirst();
        try (TextGenerator writer = TextGenerator.open(LlamaFolder.of(folder), WriterEvaluation.INFERENCE)) {
            assertThat(new WriterPrompts(writer).level(post))
                    .isEqualTo(writer.prompt(
                            List.of(Message.user(LevelPrompt.of(post, List.of()).text()))));
        }
    }

    @Test
    void anIndexOfAnEarlierTrainingDoesNotStay() throws Exception {
        WriterTraining withIndex = training(400, 1, false);
        withIndex.train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        assertThat(folder.resolve(NgramIndex.FILE)).exists();

        new WriterTraining(
                        withIndex.split(),
                        withIndex.size(),
                        withIndex.levelShare(),
                        withIndex.evaluated(),
                        0,
                        withIndex.options())
                .train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);

        assertThat(folder.resolve(NgramIndex.FILE)).doesNotExist();
    }

    @Test
    void aTrainingThatMayNotGoOnLeavesItsFolderAsItIs() throws Exception {
        training(400, 1, true).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        Snapshot trained = Snapshot.of(folder);
        WriterTraining same = training(400, 1, true);
        WriterTraining otherSplit =
                new WriterTraining(new SplitChoice(DataSplit.Kind.RANDOM, 5), same.size(), 0.6, 6, 4, same.options());

        assertThatThrownBy(() ->
                        training(400, 2, true).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThatThrownBy(() ->
                        training(350, 1, true).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThatThrownBy(() -> otherSplit.train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was started with the split random, seed 4");
        assertThat(Snapshot.of(folder)).isEqualTo(trained);
    }

    @Test
    void aNewTrainingThatIsCutOffLeavesNoWeightsOfTheOldOne() throws Exception {
        training(400, 1, false).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        LlamaTorchScript.write(folder, folder.resolve("model.pt"));
        Progress cutOff = (stage, _, _) -> {
            if (stage.equals("Training the writer")) {
                throw new IllegalStateException("cut off");
            }
        };

        assertThatThrownBy(() ->
                        training(350, 1, false).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, cutOff))
                .hasMessage("cut off");

        assertThat(folder.resolve(SafeTensors.FILE)).doesNotExist();
        assertThat(folder.resolve("model.pt")).doesNotExist();
        assertThat(folder.resolve(TrainingState.FILE)).doesNotExist();
    }

    @Test
    void whatCannotBeTrainedIsRefusedBeforeAnythingIsWritten() throws Exception {
        training(400, 1, false).train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT);
        Snapshot trained = Snapshot.of(folder);
        WriterTraining same = training(400, 1, false);
        WriterTraining uneven = new WriterTraining(
                new SplitChoice(DataSplit.Kind.RANDOM, 5),
                new WriterTraining.Size(400, 2, 100),
                0.6,
                6,
                4,
                same.options());

        for (WriterTraining wrong : List.of(training(100, 1, false), uneven)) {
            assertThatThrownBy(() -> wrong.train(LABELED, UNLABELED, "posts of its own", folder, _ -> {}, SILENT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Snapshot.of(folder)).isEqualTo(trained);
    }

    @Test
    void postsThatAreLongerThanTheModelAreMeasuredAllTheSame() throws Exception {
        List<LabeledPost> endless = LABELED.subList(0, 50).stream()
                .map(post -> new LabeledPost(endless(post.post()), post.likes()))
                .toList();

        WritingReport report = training(400, 1, false)
                .train(endless, List.of(), "endless posts", folder, _ -> {}, SILENT)
                .report();

        int unseen = SPLIT.of(endless).test().size();
        assertThat(report.perplexity()).isFinite().isGreaterThan(1);
        assertThat(report.rows()).allMatch(row -> row.metrics().texts() == unseen);
        assertThat(report.levels()).allMatch(levels -> levels.posts() == unseen);
    }

    /** What is known is in characters of four tokens each: no prompt of such a post fits the model, nor does its text. */
    private static Post endless(Post post) {
        String kanji = new Random(post.id().hashCode())
                .ints(200, 0x4e00, 0x9000)
                .mapToObj(Character::toString)
                .collect(Collectors.joining(" "));
        return new Post(
                post.id(),
                kanji,
                post.username(),
                kanji.substring(0, 80),
                post.date(),
                List.of(Media.described(kanji)),
                null);
    }

    @Test
    void aBaseOfAnyLengthIsMeasuredInTheContextOfServing() throws Exception {
        Path base = folder.resolve("base");
        training(400, 1, false).train(LABELED, UNLABELED, "posts of its own", base, _ -> {}, SILENT);
        Path config = base.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"max_position_embeddings\" : 256", "\"max_position_embeddings\" : " + (1 << 30)));

        WritingReport report = training(400, 1, false, Optional.of(base))
                .train(LABELED, UNLABELED, "posts of its own", folder.resolve("out"), _ -> {}, SILENT)
                .report();

        assertThat(report.perplexity()).isFinite();
    }

    @Test
    void noUnseenPostIsLearntFromWhetherItsLikesAreKnownOrNot() {
        WriterData data = WriterData.of(LABELED, UNLABELED, SPLIT);
        List<Post> train = ids(data, DataSplit.Part.TRAIN);
        List<Post> test = ids(data, DataSplit.Part.TEST);
        assertThat(train).doesNotContainAnyElementsOf(test);
        assertThat(train.size()
                        + test.size()
                        + ids(data, DataSplit.Part.VALIDATION).size())
                .isEqualTo(150);
        assertThat(SPLIT.of(LABELED).test().stream().map(post -> post.post().id()))
                .containsExactlyElementsOf(data.levels(DataSplit.Part.TEST).stream()
                        .map(post -> post.post().id())
                        .toList());
        assertThat(data.texts(DataSplit.Part.TRAIN))
                .extracting(Written::text)
                .containsOnly("Warm sourdough & rolls from six!", "Ride out with us on Sunday, 10 am.");
    }

    private static List<Post> ids(WriterData data, DataSplit.Part part) {
        return data.texts(part).stream()
                .map(written -> written.post().withAccount(null))
                .toList();
    }

    @Test
    void thePostsLearntFromAreShownThatAreNextInTimeButNeverThePostItself() {
        List<LabeledPost> numbered = LABELED.stream()
                .map(post -> new LabeledPost(
                        inOtherLetters(
                                post.post().withContent("Number " + post.post().id())),
                        post.likes()))
                .toList();
        WriterData data = WriterData.of(numbered, List.of(), SPLIT);
        List<Integer> learnt = data.texts(DataSplit.Part.TRAIN).stream()
                .map(written -> Integer.parseInt(written.post().id()))
                .toList();
        for (DataSplit.Part part : DataSplit.Part.values()) {
            for (Written written : data.texts(part)) {
                int own = Integer.parseInt(written.post().id());
                List<String> nearest = learnt.stream()
                        .filter(other -> other != own && other % 2 == own % 2)
                        .sorted(Comparator.comparingInt(other -> Math.abs(other - own)))
                        .limit(8)
                        .map(other -> "Number " + other)
                        .toList();
                assertThat(written.post().account().posts()).containsExactlyElementsOf(nearest);
            }
        }
    }

    /** Now and then: names are compared without case. */
    private static Post inOtherLetters(Post post) {
        return new Post(
                post.id(),
                post.content(),
                Integer.parseInt(post.id()) % 3 == 0 ? post.username().toUpperCase(Locale.ROOT) : post.username(),
                post.company(),
                post.date(),
                post.media(),
                post.account());
    }

    @Test
    void partsAreLeftOutByChanceInTrainingAndNeverInValidation() {
        WriterData data = WriterData.of(LABELED, UNLABELED, SPLIT);
        WriterInstructions train = WriterInstructions.augmented(data, 0.5, 1);
        List<String> prompts = IntStream.range(0, train.size())
                .mapToObj(i -> train.get(i, 0).prompt())
                .toList();
        assertThat(prompts)
                .anyMatch(prompt -> prompt.contains("Wished likes: "))
                .anyMatch(prompt -> !prompt.contains("Username: "))
                .anyMatch(prompt -> prompt.endsWith("Predict the like level (low/medium/high):"))
                .anyMatch(prompt -> prompt.endsWith("Post:\n"));
        assertThat(train.get(0, 1)).isEqualTo(train.get(0, 1));
        WriterInstructions validation = WriterInstructions.writing(data, DataSplit.Part.VALIDATION);
        assertThat(IntStream.range(0, validation.size())
                        .mapToObj(i -> validation.get(i, 0).prompt()))
                .allMatch(prompt -> prompt.contains("Username: ") && prompt.contains("Company: "));
    }

    @Test
    void aPostThatStandsTwiceInTheDataIsNotShownToItself() {
        List<LabeledPost> numbered = LABELED.stream()
                .map(post -> new LabeledPost(
                        post.post().withContent("Number " + post.post().id()), post.likes()))
                .toList();
        WriterData data =
                WriterData.of(numbered, numbered.stream().map(LabeledPost::post).toList(), SPLIT);

        assertThat(data.texts(DataSplit.Part.TRAIN))
                .noneMatch(written -> written.post().account().posts().contains(written.text()));
    }

    @Test
    void whatCouldNotBeMeasuredIsRefusedBeforeItIsTrained() {
        WriterTraining same = training(400, 1, false);
        assertThatThrownBy(() -> new WriterTraining(SPLIT, same.size(), 0.6, 1, 4, same.options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at least 2 posts must be written, were 1");
        DataSplit split = SPLIT.of(LABELED);
        List<LabeledPost> oneUnseen = Stream.of(split.known(), split.test().subList(0, 1))
                .flatMap(List::stream)
                .toList();
        assertThatThrownBy(() -> WriterData.of(oneUnseen, List.of(), SPLIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too few posts");
    }

    @Test
    void aSplitByTimeIsRefused() {
        for (List<Post> unlabeled : List.of(UNLABELED, List.<Post>of())) {
            assertThatThrownBy(() -> WriterData.of(LABELED, unlabeled, new SplitChoice(DataSplit.Kind.TIME, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("in time depends on the others");
        }
    }
}
