package dev.plaudit.training.writer;

import dev.plaudit.events.Post;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.training.behavior.AccountHistories;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The posts that a writer learns from, is chosen by, and is measured on. Accounts carry the history that the posts to
 * learn from make; for posts to learn from it leaves out their own (out-of-fold).
 */
public final class WriterData {
    private static final PromptTemplate TEXT = PromptTemplate.parse("{content}");
    private static final int FEWEST_WORDS = 2;

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
    }

    /**
     * Splits posts and gives accounts their histories.
     *
     * @param labeled with known likes, with or without a text
     * @param unlabeled without
     * @throws IllegalArgumentException if the split is by time, or leaves nothing to learn from
     */
    public static WriterData of(List<LabeledPost> labeled, List<Post> unlabeled, SplitChoice split) {
        WriterData data = new WriterData(labeled, unlabeled, split);
        for (DataSplit.Part part : DataSplit.Part.values()) {
            if (data.texts(part).isEmpty() || data.levels(part).isEmpty()) {
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
