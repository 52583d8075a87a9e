package dev.plaudit.training.behavior;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Embedding;
import dev.plaudit.events.Post;
import dev.plaudit.events.Task;
import dev.plaudit.features.PostFeatures;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.training.Progress;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.training.likes.BoostingOptions;
import dev.plaudit.training.likes.LikesRows;
import dev.plaudit.training.likes.LikesTrainer;
import dev.plaudit.trees.LikesConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains the likes model on what a bucket classifier says of the same posts that the classifier learnt from, and
 * calibrates it on posts that it did not. The split is the classifier's own.
 *
 * @param coverage the share of posts that the interval is to hold
 * @param distanceWeight see {@link dev.plaudit.trees.LikesConfig#distanceWeight()}
 * @param perBucket how the trees of each bucket's regressor are boosted
 * @param overall how those of the regressor are that knows the posts of all buckets
 */
public record LikesTraining(
        double coverage, double distanceWeight, BoostingOptions perBucket, BoostingOptions overall) {
    /** Where in its folder a model is trained: what is there already stays until it is finished. */
    private static final String UNFINISHED = "unfinished";

    private static final double HISTORY_LEFT_OUT = 0.25;
    private static final double BARE_LIKES = 0.15;
    private static final double SHORT_HISTORY = 0.15;
    private static final double RENAMED = 0.15;

    /**
     * Trains and writes a model folder with its card. A training that is cut off leaves the model that was there, or, while
     * one takes the other's place, a folder that is refused.
     *
     * @param classifier the folder of the bucket classifier
     * @param out the folder; made when missing
     * @return the metrics on the calibration posts
     * @throws IOException when a file cannot be written, or the classifier's {@link SplitChoice} not be read
     */
    public LikesMetrics train(List<LabeledPost> posts, Path classifier, Path out, Progress progress)
            throws IOException {
        progress.update("Preparing", 0, posts.size() + " posts");
        SplitChoice split = SplitChoice.read(classifier);
        DataSplit data = split.of(posts);
        AccountHistories histories = AccountHistories.of(data.train(), split.seed());
        List<Post> known =
                data.train().stream().map(histories::withHistoryOutOfFold).toList();
        LikesRows train = rows(varied(known, split.seed()), data.train(), classifier);
        LikesRows calibration =
                rows(histories.withHistories(data.validation(), split.kind()), data.validation(), classifier);
        Path unfinished = out.resolve(UNFINISHED);
        LikesMetrics metrics = new LikesTrainer(
                        perBucket, overall, PostFeatures.TYPICAL_LIKES, coverage, distanceWeight)
                .train(train, calibration, PostFeatures.NAMES, unfinished, progress);
        split.write(unfinished);
        new LikesCard(split, data, coverage, metrics).write(unfinished);
        move(unfinished, out);
        return metrics;
    }

    /** Puts a model in another's place. Its configuration goes last: until then the folder is refused. */
    private static void move(Path from, Path to) throws IOException {
        Path config = Path.of(LikesConfig.FILE);
        Files.deleteIfExists(to.resolve(config));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(file -> !file.endsWith(config)).toList()) {
                Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(from.resolve(config), to.resolve(config));
        Files.delete(from);
    }

    /**
     * Posts as callers bring them: now and then with what posts usually get, but not with what each of them got; now and then
     * with bare likes, without dates and kinds; now and then with a few posts alone, as new customers do; now and then of an
     * account whose names no model knows.
     */
    private static List<Post> varied(List<Post> posts, long seed) {
        InventedNames names = new InventedNames(posts);
        Random random = new Random(seed);
        return posts.stream()
                .map(post -> withLessHistory(post, random))
                .map(post -> random.nextDouble() < RENAMED ? names.rename(post, random) : post)
                .toList();
    }

    private static Post withLessHistory(Post post, Random random) {
        Account account = post.account();
        List<EarlierPost> history = account.history();
        double chance = random.nextDouble();
        if (chance < HISTORY_LEFT_OUT) {
            return post.withAccount(account.withHistory(account.typicalLikes(), List.of()));
        }
        if (chance < HISTORY_LEFT_OUT + BARE_LIKES) {
            return post.withAccount(account.withHistory(
                    account.typicalLikes(),
                    history.stream()
                            .map(earlier -> EarlierPost.ofLikes(earlier.likes()))
                            .toList()));
        }
        if (chance < HISTORY_LEFT_OUT + BARE_LIKES + SHORT_HISTORY && !history.isEmpty()) {
            List<EarlierPost> shuffled = new ArrayList<>(history);
            Collections.shuffle(shuffled, random);
            return post.withAccount(account.withHistory(
                    null, shuffled.subList(0, Math.min(AccountHistories.EARLIER_POSTS, shuffled.size()))));
        }
        return post;
    }

    private static LikesRows rows(List<Post> posts, List<LabeledPost> labels, Path classifier) {
        List<TextClass> answers = BucketTraining.classify(posts, PromptTemplate.standard(Task.BEHAVIOR), classifier);
        return new LikesRows(
                posts.stream().map(post -> PostFeatures.of(post, List.of())).toArray(float[][]::new),
                answers.stream()
                        .map(answer -> Embedding.of(answer.embedding()).values())
                        .toArray(float[][]::new),
                answers.stream().map(answer -> widened(answer.probabilities())).toArray(double[][]::new),
                labels.stream().mapToInt(LabeledPost::likes).toArray());
    }

    private static double[] widened(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
