package dev.plaudit.training.behavior;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Post;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the likes of known posts tell of an account. For a post that is itself among the known ones, its account's
 * history leaves out a tenth of them, the post's own included (out-of-fold): leaving out the post alone would give its
 * likes away, since the history of a well-liked post is then always a little lower than that of its neighbours.
 */
public final class AccountHistories {
    /** How many earlier posts a new customer brings. */
    static final int EARLIER_POSTS = 10;

    private static final int FOLDS = 10;

    /** How many posts the company's mean counts for in an account's typical likes. */
    private static final double COMPANY_WEIGHT = 1;

    /** How many posts the median of all counts for in a company's mean. */
    private static final double GLOBAL_WEIGHT = 2;

    private record Known(int fold, LabeledPost post) {}

    private final long seed;
    private final Map<String, List<Known>> accounts;
    private final Map<String, List<Known>> companies;
    private final double globalMedian;

    private AccountHistories(List<LabeledPost> posts, long seed) {
        this.seed = seed;
        List<Known> known =
                posts.stream().map(post -> new Known(fold(post), post)).toList();
        this.accounts =
                known.stream().collect(Collectors.groupingBy(k -> k.post().accountKey()));
        this.companies =
                known.stream().collect(Collectors.groupingBy(k -> k.post().companyKey()));
        accounts.remove("");
        companies.remove("");
        this.globalMedian = median(posts.stream().mapToDouble(LabeledPost::log));
    }

    /** The histories that known posts make. */
    public static AccountHistories of(List<LabeledPost> known, long seed) {
        return new AccountHistories(known, seed);
    }

    private int fold(LabeledPost post) {
        String key = post.accountKey() + "|" + post.post().date() + LabeledPost.undatedKey(post.post());
        return (int) (FOLDS * StableHash.uniform(seed, key));
    }

    /** The post with the history of its account, for a post that is not among the known ones. */
    public Post withHistory(LabeledPost unseen) {
        return withHistory(unseen.post());
    }

    /** The post with the history of its account, for a post whose likes nobody knows. */
    public Post withHistory(Post unseen) {
        return withHistory(unseen, -1);
    }

    /**
     * Unseen posts with the histories they have: those that the known posts make, or, of companies of which none is known,
     * their own last ten earlier posts.
     */
    List<Post> withHistories(List<LabeledPost> unseen, DataSplit.Kind kind) {
        return kind == DataSplit.Kind.COMPANY
                ? withEarlierPosts(unseen, unseen, EARLIER_POSTS)
                : unseen.stream().map(this::withHistory).toList();
    }

    /** The post with the history of its account, out-of-fold, for a post that is among the known ones. */
    public Post withHistoryOutOfFold(LabeledPost known) {
        return withHistory(known.post(), fold(known));
    }

    private Post withHistory(Post post, int leftOut) {
        List<LabeledPost> ofAccount = kept(accounts.get(LabeledPost.key(post.username())), leftOut);
        List<LabeledPost> ofCompany = kept(companies.get(LabeledPost.key(post.company())), leftOut);
        if (ofAccount.isEmpty() && ofCompany.isEmpty()) {
            return post;
        }
        double company = shrunk(ofCompany, globalMedian, GLOBAL_WEIGHT);
        double typical = shrunk(ofAccount, company, COMPANY_WEIGHT);
        return withAccount(post, Math.expm1(typical), ofAccount);
    }

    /**
     * What a known post's company and account get, out-of-fold, in log1p(likes): how many posts of the company are known, and
     * their median and mean; the mean of the account's, drawn to the company's by one post's weight. NaN where nothing is known.
     */
    double[] companyOutOfFold(LabeledPost known) {
        int fold = fold(known);
        List<LabeledPost> ofCompany = kept(companies.get(known.companyKey()), fold);
        List<LabeledPost> ofAccount = kept(accounts.get(known.accountKey()), fold);
        double companyMean = mean(ofCompany);
        double accountMean = ofAccount.isEmpty()
                ? companyMean
                : (ofAccount.size() * mean(ofAccount) + (ofCompany.isEmpty() ? mean(ofAccount) : companyMean))
                        / (ofAccount.size() + 1);
        return new double[] {
            ofCompany.size(), median(ofCompany.stream().mapToDouble(LabeledPost::log)), companyMean, accountMean
        };
    }

    private static double mean(List<LabeledPost> posts) {
        return posts.stream().mapToDouble(LabeledPost::log).average().orElse(Double.NaN);
    }

    private static List<LabeledPost> kept(List<Known> known, int leftOut) {
        return known == null
                ? List.of()
                : known.stream()
                        .filter(k -> k.fold() != leftOut)
                        .map(Known::post)
                        .toList();
    }

    /** A mean in log1p(likes), drawn to what is known before by so many posts. */
    private static double shrunk(List<LabeledPost> posts, double prior, double priorWeight) {
        if (posts.isEmpty()) {
            return prior;
        }
        return (posts.size() * mean(posts) + priorWeight * prior) / (posts.size() + priorWeight);
    }

    private static double median(DoubleStream logs) {
        double[] sorted = logs.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The account's median of likes over all known posts; NaN when it has none: a baseline. */
    public double accountMedian(LabeledPost unseen) {
        return Math.expm1(
                median(kept(accounts.get(unseen.accountKey()), -1).stream().mapToDouble(LabeledPost::log)));
    }

    /** The median of likes over all known posts: a baseline. */
    public double globalMedian() {
        return Math.expm1(globalMedian);
    }

    /**
     * Posts with the last few earlier posts of their own account as history, as a new customer would bring them.
     *
     * @param posts of any accounts; one without a date gets no history
     * @param all where the earlier posts are looked for
     * @param most how many earlier posts a history holds at most
     */
    static List<Post> withEarlierPosts(List<LabeledPost> posts, List<LabeledPost> all, int most) {
        Map<String, List<LabeledPost>> byAccount = all.stream()
                .filter(post -> post.post().date() != null && !post.accountKey().isEmpty())
                .sorted(Comparator.comparing(post -> post.post().date()))
                .collect(Collectors.groupingBy(LabeledPost::accountKey, HashMap::new, Collectors.toList()));
        Function<LabeledPost, List<LabeledPost>> earlier = post -> {
            LocalDateTime date = post.post().date();
            List<LabeledPost> before = byAccount.getOrDefault(post.accountKey(), List.of()).stream()
                    .takeWhile(other -> date != null && other.post().date().isBefore(date))
                    .toList();
            return before.subList(Math.max(0, before.size() - most), before.size());
        };
        return posts.stream()
                .map(post -> withAccount(post.post(), null, earlier.apply(post)))
                .toList();
    }

    /** The median of likes over a post's own history; NaN when it has none: a baseline. */
    static double medianOfHistory(Post post) {
        return Math.expm1(
                median(post.account().history().stream().mapToDouble(earlier -> Math.log1p(earlier.likes()))));
    }

    /** A history no longer than a document may carry: every so-manieth post, so that it keeps its shape. */
    private static Post withAccount(Post post, Double typicalLikes, List<LabeledPost> history) {
        int stride = Math.ceilDiv(Math.max(1, history.size()), Account.MAX_HISTORY);
        List<EarlierPost> ascending = history.stream()
                .map(LabeledPost::asEarlier)
                .sorted(Comparator.comparingInt(EarlierPost::likes))
                .toList();
        List<EarlierPost> kept = IntStream.range(0, ascending.size())
                .filter(i -> i % stride == stride / 2)
                .mapToObj(ascending::get)
                .toList();
        return post.withAccount(post.account().withHistory(typicalLikes, kept));
    }
}
