package dev.plaudit.training.writer;

import dev.plaudit.events.Post;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.training.behavior.AccountHistories;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The posts that a writer learns from, is chosen by, and is measured on. Accounts carry the history that the posts to
 * learn from make; for posts to learn from it leaves out their own (out-of-fold). They carry texts, too: of their posts to learn
 * from, but for the post itself, those that are next to it in time.
 */
public final class WriterData {
    private static final PromptTemplate TEXT = PromptTemplate.parse("{content}");
    private static final int FEWEST_WORDS = 2;
    private static final int SHOWN = 8;

    /**
     * A post whose text is known.
     *
     * @param post with its account's history
     * @param text on one line, entities decoded, stand-ins for links and names removed
     * @param likes null when unknown
     */
    public record Written(Post post, String text, Integer likes) {}

    private final Map<DataSplit.Part, List<Written>> texts = new EnumMap<>(DataSplit.Part.class);
    private final Map<DataSplit.Part, List<LabeledPost>> levels = new EnumMap<>(DataSplit.Part.class);

    private WriterData(List<LabeledPost> labeled, List<Post> unlabeled, SplitChoice split) {
        DataSplit data = split.of(labeled);
        AccountHistories learnt = AccountHistories.of(data.train(), split.seed());
        for (DataSplit.Part part : DataSplit.Part.values()) {
            texts.put(part, new ArrayList<>());
        }
        levels.put(
                DataSplit.Part.TRAIN,
                data.train().stream()
                        .map(post -> new LabeledPost(learnt.withHistoryOutOfFold(post), post.likes()))
                        .toList());
        levels.put(DataSplit.Part.VALIDATION, known(data.validation(), learnt));
        levels.put(DataSplit.Part.TEST, known(data.test(), AccountHistories.of(data.known(), split.seed())));
        levels.forEach((part, posts) -> posts.forEach(post -> add(part, post.post(), post.likes())));
        unlabeled.forEach(post -> add(split.partOf(post), learnt.withHistory(post), null));
        Map<String, List<Written>> accounts = texts.get(DataSplit.Part.TRAIN).stream()
                .filter(written ->
                        written.post().username() != null && written.post().date() != null)
                .collect(Collectors.groupingBy(written -> account(written.post())));
        texts.values().forEach(part -> part.replaceAll(written -> showing(written, accounts)));
    }

    /** Names are compared without case, as in the histories. */
    private static String account(Post post) {
        return post.username().toLowerCase(Locale.ROOT);
    }

    private static Written showing(Written written, Map<String, List<Written>> accounts) {
        Post post = written.post();
        if (post.username() == null || post.date() == null) {
            return written;
        }
        List<String> nearest = accounts.getOrDefault(account(post), List.of()).stream()
                .filter(other -> !other.post().date().equals(post.date())
                        || !other.text().equals(written.text()))
                .sorted(Comparator.comparing(other ->
                        Duration.between(post.date(), other.post().date()).abs()))
                .limit(SHOWN)
                .map(Written::text)
                .toList();
        return new Written(post.withAccount(post.account().withPosts(nearest)), written.text(), written.likes());
    }

    /**
     * Splits posts and gives accounts their histories.
     *
     * @param labeled with known likes, with or without a text
     * @param unlabeled without
     * @throws IllegalArgumentException if the split is by time, or leaves nothing to learn from, to choose by, or too little to
     *     measure on
     */
    public static WriterData of(List<LabeledPost> labeled, List<Post> unlabeled, SplitChoice split) {
        if (split.kind() == DataSplit.Kind.TIME) {
            throw new IllegalArgumentException(
                    "a writer's posts cannot be split by time: where one belongs in time depends on the others");
        }
        WriterData data = new WriterData(labeled, unlabeled, split);
        for (DataSplit.Part part : DataSplit.Part.values()) {
            int fewest = part == DataSplit.Part.TEST ? 2 : 1;
            if (data.texts(part).size() < fewest || data.levels(part).isEmpty()) {
                throw new IllegalArgumentException(
                        "There are too few posts with a text, or with likes, to learn from, to choose by and to measure"
                                + " on.");
            }
        }
        return data;
    }

    private static List<LabeledPost> known(List<LabeledPost> posts, AccountHistories histories) {
        return posts.stream()
                .map(post -> new LabeledPost(histories.withHistory(post), post.likes()))
                .toList();
    }

    private void add(DataSplit.Part part, Post post, Integer likes) {
        String text = TEXT.write(post, List.of()).text().strip();
        if (text.split(" ").length >= FEWEST_WORDS) {
            texts.get(part).add(new Written(post, text, likes));
        }
    }

    /** Posts with a text of two words or more. */
    public List<Written> texts(DataSplit.Part part) {
        return List.copyOf(texts.get(part));
    }

    /** Posts with likes. */
    public List<LabeledPost> levels(DataSplit.Part part) {
        return levels.get(part);
    }
}
