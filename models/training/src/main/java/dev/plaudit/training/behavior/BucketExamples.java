package dev.plaudit.training.behavior;

import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.training.text.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Prompts and their like buckets. In training every epoch sees another cut of a prompt: parts are left out at random,
 * so that the classifier learns to do without any of them, and a history is now and then cut to a few posts, as short
 * as new accounts bring. The target spreads over buckets as likes do that are as uncertain as a neighbouring post's: a
 * normal distribution of log1p(likes) around the true value, integrated over each bucket.
 */
final class BucketExamples implements Examples {
    /** How often each part is left out of a training prompt. */
    private static final Map<String, Double> LEFT_OUT = Map.of(
            "typical_likes", 0.06,
            "low_likes+high_likes+earlier_posts", 0.3,
            "recent_likes", 0.2,
            "kind_likes", 0.2,
            "caption", 0.5,
            "content", 0.5,
            "company", 0.2,
            "username", 0.2,
            "weekday+month+hour", 0.3,
            "media", 0.3);

    /** What tells of an account's likes, and how often nothing does: then only the names are left to go by. */
    private static final Set<String> HISTORY =
            Set.of("typical_likes", "low_likes+high_likes+earlier_posts", "recent_likes", "kind_likes");

    private static final double HISTORY_HIDDEN = 0.1;

    /** The parts whose words are left out one by one, too, and how often. */
    private static final Set<String> WORDY = Set.of("caption", "content");

    private static final double WORD_LEFT_OUT = 0.15;
    /** How often an account is shown under names that nobody has. */
    private static final double RENAMED = 0.15;

    private static final double SHORT_HISTORY = 0.15;
    private static final int SHORT_HISTORY_POSTS = 10;

    private final List<Post> posts;
    private final List<float[]> targets;
    private final PromptTemplate template;
    private final boolean augmented;
    private final InventedNames names;
    private final long seed;

    private BucketExamples(
            List<Post> posts, List<float[]> targets, PromptTemplate template, boolean augmented, long seed) {
        this.posts = posts;
        this.targets = targets;
        this.template = template;
        this.augmented = augmented;
        this.names = new InventedNames(posts);
        this.seed = seed;
    }

    /**
     * Examples to learn from.
     *
     * @param posts with their histories, out-of-fold
     * @param spread standard deviation of the target's log1p(likes); 0 for the true bucket alone
     * @param taught what a teacher says of each post
     * @param teaching how much of the target is the teacher's, 0 to 1
     */
    static BucketExamples augmented(
            List<Post> posts,
            List<LabeledPost> labels,
            PromptTemplate template,
            double spread,
            List<float[]> taught,
            double teaching,
            long seed) {
        List<float[]> targets = targets(labels, spread);
        for (int i = 0; i < targets.size(); i++) {
            for (int bucket = 0; bucket < LikeBucket.COUNT; bucket++) {
                targets.get(i)[bucket] =
                        (float) ((1 - teaching) * targets.get(i)[bucket] + teaching * taught.get(i)[bucket]);
            }
        }
        return new BucketExamples(posts, targets, template, true, seed);
    }

    /** Examples to measure on: whole prompts, true buckets. */
    static BucketExamples whole(List<Post> posts, List<LabeledPost> labels, PromptTemplate template) {
        return new BucketExamples(posts, targets(labels, 0), template, false, 0);
    }

    private static List<float[]> targets(List<LabeledPost> labels, double spread) {
        return labels.stream().map(label -> target(label, spread)).toList();
    }

    static float[] target(LabeledPost label, double spread) {
        float[] target = new float[LikeBucket.COUNT];
        if (spread == 0) {
            target[label.bucket().ordinal()] = 1;
            return target;
        }
        for (LikeBucket bucket : LikeBucket.values()) {
            double below = bucket.ordinal() == 0 ? 0 : below(Math.log1p(bucket.low() - 0.5), label.log(), spread);
            double belowNext = bucket.ordinal() == LikeBucket.COUNT - 1
                    ? 1
                    : below(Math.log1p(bucket.high() + 0.5), label.log(), spread);
            target[bucket.ordinal()] = (float) (belowNext - below);
        }
        return target;
    }

    /** The normal distribution function. */
    private static double below(double value, double mean, double deviation) {
        return new NormalDistribution(mean, deviation).cumulativeProbability(value);
    }

    @Override
    public int size() {
        return posts.size();
    }

    @Override
    public float[] target(int index) {
        return targets.get(index);
    }

    @Override
    public String text(int index, int epoch) {
        Post post = posts.get(index);
        if (!augmented) {
            return template.write(post, List.of()).text();
        }
        Random random = new Random((long) (StableHash.uniform(seed + epoch, index) * Long.MAX_VALUE));
        boolean renamed = post.account().typicalLikes() != null && random.nextDouble() < RENAMED;
        if (renamed) {
            post = names.rename(post, random);
        }
        boolean hidden = !renamed && random.nextDouble() < HISTORY_HIDDEN;
        Prompt prompt = template.write(random.nextDouble() < SHORT_HISTORY ? shortened(post, random) : post, List.of());
        StringBuilder text = new StringBuilder();
        for (Prompt.Part part : prompt.parts()) {
            boolean needed = renamed && part.name().equals("typical_likes");
            boolean shown = random.nextDouble() >= LEFT_OUT.getOrDefault(part.name(), 0.0)
                    && !(hidden && HISTORY.contains(part.name()));
            if (shown || needed) {
                String written = prompt.text().substring(part.start(), part.end());
                text.append(WORDY.contains(part.name()) ? thinned(written, random) : written);
            }
        }
        return text.toString().isBlank() ? prompt.text() : text.toString();
    }

    private static String thinned(String part, Random random) {
        return Arrays.stream(part.strip().split("(?<= )"))
                .filter(word -> random.nextDouble() >= WORD_LEFT_OUT)
                .collect(Collectors.joining("", "", "\n"));
    }

    private static Post shortened(Post post, Random random) {
        List<EarlierPost> history = post.account().history();
        if (history.isEmpty()) {
            return post;
        }
        List<EarlierPost> few = random.ints(Math.min(SHORT_HISTORY_POSTS, history.size()), 0, history.size())
                .mapToObj(history::get)
                .toList();
        return post.withAccount(post.account().withHistory(null, few));
    }
}
