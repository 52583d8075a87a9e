package dev.plaudit.training.behavior;

import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.events.Task;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import dev.plaudit.training.Progress;
import dev.plaudit.training.text.DistilBertShape;
import dev.plaudit.training.text.DistilBertTrainer;
import dev.plaudit.training.text.TextTrainingOptions;
import dev.plaudit.training.text.TrainingHistory;
import dev.plaudit.training.text.WordPieceTrainer;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains the bucket classifier: a DistilBERT on the prompts of labelled posts.
 *
 * @param split which posts stay unseen
 * @param size of a model trained from scratch; not used with {@code options.start()}
 * @param labelSpread how uncertain a post's own log1p(likes) counts as, as a standard deviation; 0 for not at all
 * @param teaching how much of a training target is what boosted trees say of the post, 0 to 1
 * @param options of the training itself
 */
public record BucketTraining(
        SplitChoice split, Size size, double labelSpread, double teaching, TextTrainingOptions options) {
    /**
     * The size of a model.
     *
     * @param vocabulary tokens
     * @param layers transformer layers
     * @param dim width; the feed-forward part is four times as wide
     * @param heads attention heads
     * @param dropout everywhere
     */
    public record Size(int vocabulary, int layers, int dim, int heads, double dropout) {}

    private static final int MAX_TOKENS = 192;
    private static final int FREQUENT_ACCOUNT = 4;

    public BucketTraining {
        if (!(labelSpread >= 0 && labelSpread < Double.POSITIVE_INFINITY && teaching >= 0 && teaching <= 1)) {
            throw new IllegalArgumentException("The label spread must be 0 or more, and teaching 0 to 1, not "
                    + labelSpread + " and " + teaching + ".");
        }
    }

    /**
     * What came of it.
     *
     * @param history how the training went
     * @param testPosts how many posts stayed unseen
     * @param testAccuracy the share of them whose bucket is right
     */
    public record Outcome(TrainingHistory history, int testPosts, double testAccuracy) {}

    /**
     * Trains and writes a model folder with its card.
     *
     * @param posts with known likes
     * @param unlabeled posts whose words join the vocabulary
     * @param out the folder; made when missing
     * @throws IllegalArgumentException if there are too few posts; nothing is written then
     * @throws IllegalArgumentException if the checkpoint to resume from was written with other settings
     * @throws IOException when a file cannot be written
     */
    public Outcome train(List<LabeledPost> posts, List<Post> unlabeled, Path out, Progress progress)
            throws IOException {
        progress.update("Preparing", 0, posts.size() + " posts");
        PromptTemplate template = PromptTemplate.standard(Task.BEHAVIOR);
        boolean goesOn = options.resume() && TrainingState.isIn(out);
        if (goesOn) {
            split.requireIn(out);
        }
        DataSplit data = split.of(posts);
        if (data.train().isEmpty() || data.validation().isEmpty() || data.test().isEmpty()) {
            throw new IllegalArgumentException(
                    "%d posts are to learn from, %d to choose by and %d to measure on: there must be some of each."
                            .formatted(
                                    data.train().size(),
                                    data.validation().size(),
                                    data.test().size()));
        }
        AccountHistories histories = AccountHistories.of(data.train(), split.seed());
        List<Post> train =
                data.train().stream().map(histories::withHistoryOutOfFold).toList();
        List<Post> validation = histories.withHistories(data.validation(), split.kind());
        List<float[]> taught = BucketTeacher.judge(train, data.train(), histories, split.seed());
        // Refuses sizes that do not go together before anything is written.
        DistilBertShape wanted = options.start().isPresent()
                ? DistilBertShape.read(options.start().get(), labels())
                : fromScratch(size.vocabulary());
        DistilBertShape shape = options.start().isPresent()
                ? wanted
                : fromScratch(goesOn ? vocabulary(out) : vocabulary(train, unlabeled, template, out));
        if (!goesOn) {
            TrainingState.clear(out, options.start());
            split.write(out);
        }
        TrainingHistory history = DistilBertTrainer.train(
                BucketExamples.augmented(train, data.train(), template, labelSpread, taught, teaching, split.seed()),
                BucketExamples.whole(validation, data.validation(), template),
                options.start().orElse(out),
                shape,
                List.of(size, labelSpread, teaching),
                options,
                out,
                progress);
        Outcome outcome = new Outcome(history, data.test().size(), accuracy(data, template, out));
        new BucketCard(this, shape, data, outcome).write(out);
        return outcome;
    }

    /** The size of the tokenizer that a training began with. */
    private static int vocabulary(Path out) {
        return ConfigFile.read(out.resolve(ConfigFile.NAME)).positive("vocab_size");
    }

    private int vocabulary(List<Post> train, List<Post> unlabeled, PromptTemplate template, Path out)
            throws IOException {
        List<String> texts = Stream.concat(train.stream(), unlabeled.stream())
                .map(post -> template.write(post, List.of()).text())
                .toList();
        return WordPieceTrainer.train(texts, size.vocabulary(), wholeWords(train), out);
    }

    private DistilBertShape fromScratch(int vocabulary) {
        return new DistilBertShape(
                vocabulary,
                size.dim(),
                size.layers(),
                size.heads(),
                4 * size.dim(),
                MAX_TOKENS,
                size.dropout(),
                size.dropout(),
                size.dropout(),
                labels());
    }

    /** Numbers and accounts that come often are words of their own. */
    private static List<String> wholeWords(List<Post> posts) {
        Map<String, Long> accounts = posts.stream()
                .map(Post::username)
                .filter(name -> name != null && name.matches("[A-Za-z0-9]+"))
                .collect(Collectors.groupingBy(
                        word -> word.toLowerCase(Locale.ROOT), java.util.TreeMap::new, Collectors.counting()));
        List<String> words = new ArrayList<>(
                IntStream.range(0, 24).mapToObj(hour -> hour + "h").toList());
        accounts.forEach((name, count) -> {
            if (count >= FREQUENT_ACCOUNT) {
                words.add(name);
            }
        });
        return words;
    }

    private static List<String> labels() {
        return Arrays.stream(LikeBucket.values())
                .map(bucket -> bucket == LikeBucket.OVER_2500 ? "over 2500" : bucket.low() + "-" + bucket.high())
                .toList();
    }

    private double accuracy(DataSplit data, PromptTemplate template, Path out) {
        AccountHistories histories = AccountHistories.of(data.known(), split.seed());
        List<LabeledPost> test = data.test();
        List<TextClass> answers = classify(histories.withHistories(test, split.kind()), template, out);
        return IntStream.range(0, test.size())
                        .filter(i -> likeliest(answers.get(i).probabilities())
                                == test.get(i).bucket().ordinal())
                        .count()
                / (double) test.size();
    }

    /** What a trained classifier says of posts. */
    static List<TextClass> classify(List<Post> posts, PromptTemplate template, Path model) {
        try (TextClassifier classifier = TextClassifier.open(model, InferenceOptions.DEFAULT)) {
            return classifier.classify(posts.stream()
                    .map(post -> template.write(post, List.of()).text())
                    .toList());
        }
    }

    private static int likeliest(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
                .orElseThrow();
    }
}
