package dev.plaudit.training.behavior;

import dev.plaudit.events.Post;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Posts to learn from, posts to choose by, and posts that stay unseen: about 70, 10 and 20 %.
 *
 * @param train to learn from
 * @param validation to stop, to choose and to calibrate by
 * @param test unseen until evaluation
 */
public record DataSplit(List<LabeledPost> train, List<LabeledPost> validation, List<LabeledPost> test) {
    private static final double TEST = 0.2;
    private static final double VALIDATION = 0.1;

    /** What makes the unseen posts new. */
    public enum Kind {
        /** Any post may be unseen; others of its account are known. The easy one. */
        RANDOM,
        /** All posts of some companies are unseen. */
        COMPANY,
        /** The latest posts are unseen. */
        TIME;

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DataSplit {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /**
     * Splits posts. The same post goes the same way whatever the order and whatever else there is (for
     * {@link Kind#TIME}: as long as the other dates stay); posts of one account in the same second stay together,
     * and so do those of the same text that have neither date nor id.
     */
    public static DataSplit of(List<LabeledPost> posts, Kind kind, long seed) {
        return switch (kind) {
            case RANDOM, COMPANY -> byKey(posts, kind, seed);
            case TIME -> byTime(posts);
        };
    }

    /** Where a post belongs. */
    public enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    private static DataSplit byKey(List<LabeledPost> posts, Kind kind, long seed) {
        Map<Part, List<LabeledPost>> parts =
                posts.stream().collect(Collectors.groupingBy(post -> partByKey(post.post(), kind, seed)));
        return new DataSplit(
                parts.getOrDefault(Part.TRAIN, List.of()),
                parts.getOrDefault(Part.VALIDATION, List.of()),
                parts.getOrDefault(Part.TEST, List.of()));
    }

    static Part partByKey(Post post, Kind kind, long seed) {
        String key =
                switch (kind) {
                    case RANDOM ->
                        LabeledPost.key(post.username()) + "|" + post.date() + "|" + LabeledPost.undatedKey(post);
                    case COMPANY -> LabeledPost.key(post.company());
                    case TIME ->
                        throw new IllegalArgumentException("where a post belongs in time depends on the others");
                };
        double chance = StableHash.uniform(seed, key);
        return chance < TEST ? Part.TEST : chance < TEST + VALIDATION ? Part.VALIDATION : Part.TRAIN;
    }

    private static DataSplit byTime(List<LabeledPost> posts) {
        List<LabeledPost> dated = posts.stream()
                .filter(post -> post.post().date() != null)
                .sorted(Comparator.comparing(post -> post.post().date()))
                .toList();
        LocalDateTime testFrom = dateAt(dated, 1 - TEST);
        LocalDateTime validationFrom = dateAt(dated, 1 - TEST - VALIDATION);
        List<LabeledPost> train = new ArrayList<>();
        List<LabeledPost> validation = new ArrayList<>();
        List<LabeledPost> test = new ArrayList<>();
        for (LabeledPost post : dated) {
            LocalDateTime date = post.post().date();
            (date.isBefore(validationFrom) ? train : date.isBefore(testFrom) ? validation : test).add(post);
        }
        return new DataSplit(train, validation, test);
    }

    private static LocalDateTime dateAt(List<LabeledPost> dated, double share) {
        if (dated.isEmpty()) {
            throw new IllegalArgumentException("a split by time needs posts with dates");
        }
        return dated.get((int) (share * dated.size())).post().date();
    }

    /** All that may be known of accounts when the unseen posts are predicted. */
    public List<LabeledPost> known() {
        return Stream.concat(train.stream(), validation.stream()).toList();
    }
}
