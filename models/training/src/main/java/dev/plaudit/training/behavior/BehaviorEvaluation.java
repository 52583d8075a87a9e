package dev.plaudit.training.behavior;

import dev.plaudit.events.Engagement;
import dev.plaudit.events.Post;
import dev.plaudit.training.Progress;
import dev.plaudit.training.evaluation.EvaluationReport;
import dev.plaudit.training.evaluation.LikesMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures predictions of posts that a model has not seen, beside two baselines: the median of all known posts, and the
 * median of the account's known posts.
 */
public final class BehaviorEvaluation {
    private static final int AT_ONCE = 500;

    private final DataSplit data;
    private final DataSplit.Kind kind;
    private final AccountHistories histories;
    private final Function<List<Post>, List<Engagement>> predictor;
    private final Progress progress;

    private BehaviorEvaluation(
            DataSplit data, SplitChoice choice, Function<List<Post>, List<Engagement>> predictor, Progress progress) {
        this.data = data;
        this.kind = choice.kind();
        this.histories = AccountHistories.of(data.known(), choice.seed());
        this.predictor = predictor;
        this.progress = progress;
    }

    /**
     * Predicts the unseen posts and measures the predictions.
     *
     * @param posts all posts with known likes, those that the model learnt from among them
     * @param choice which of them the model has not seen
     * @param predictor scores posts, in their order
     * @return one split for each way of knowing the account: by the posts learnt from; without any history; by its own last
     *     ten earlier posts
     */
    public static List<EvaluationReport.Split> evaluate(
            List<LabeledPost> posts,
            SplitChoice choice,
            Function<List<Post>, List<Engagement>> predictor,
            Progress progress) {
        return new BehaviorEvaluation(choice.of(posts), choice, predictor, progress).splits();
    }

    private List<EvaluationReport.Split> splits() {
        List<LabeledPost> test = data.test();
        String unseen =
                switch (kind) {
                    case RANDOM -> "Random unseen posts";
                    case COMPANY -> "Unseen companies";
                    case TIME -> "Unseen time: the latest posts";
                };
        List<EvaluationReport.Split> splits = new ArrayList<>();
        if (kind != DataSplit.Kind.COMPANY) {
            splits.add(split(
                    unseen + ", the account known by the posts learnt from",
                    test.stream().map(histories::withHistory).toList(),
                    test.stream().mapToDouble(histories::accountMedian).toArray()));
        }
        splits.add(split(
                unseen + ", nothing known of the account",
                test.stream().map(LabeledPost::post).toList(),
                new double[0]));
        List<LabeledPost> all =
                Stream.concat(data.known().stream(), test.stream()).toList();
        List<Post> earlier = AccountHistories.withEarlierPosts(test, all, AccountHistories.EARLIER_POSTS);
        splits.add(split(
                unseen + ", the account known by its last ten earlier posts",
                earlier,
                earlier.stream().mapToDouble(AccountHistories::medianOfHistory).toArray()));
        return splits;
    }

    /** @param accountMedians a baseline; NaN where the account is not known; empty when none is */
    private EvaluationReport.Split split(String name, List<Post> posts, double[] accountMedians) {
        int[] truth = data.test().stream().mapToInt(LabeledPost::likes).toArray();
        List<EvaluationReport.Row> rows = new ArrayList<>();
        rows.add(model(name, truth, posts));
        rows.add(constant("global median", truth, new double[0]));
        if (accountMedians.length > 0) {
            rows.add(constant("per-account median", truth, accountMedians));
        }
        return new EvaluationReport.Split(name, rows);
    }

    private EvaluationReport.Row model(String name, int[] truth, List<Post> posts) {
        List<Engagement> engagements = new ArrayList<>();
        for (int start = 0; start < posts.size(); start += AT_ONCE) {
            progress.update(name, start / (double) posts.size(), "");
            engagements.addAll(predictor.apply(posts.subList(start, Math.min(posts.size(), start + AT_ONCE))));
        }
        progress.update(name, 1, "");
        int[] likes = engagements.stream().mapToInt(Engagement::likes).toArray();
        LikesMetrics metrics = LikesMetrics.of(
                truth,
                likes,
                engagements.stream().mapToInt(Engagement::low).toArray(),
                engagements.stream().mapToInt(Engagement::high).toArray(),
                engagements.stream()
                        .map(engagement -> engagement.probabilities().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())
                        .toArray(double[][]::new),
                engagements.stream()
                        .mapToInt(engagement -> engagement.bucket().number())
                        .toArray());
        return new EvaluationReport.Row("Plaudit", metrics, truth, likes);
    }

    private EvaluationReport.Row constant(String name, int[] truth, double[] medians) {
        int[] likes = IntStream.range(0, truth.length)
                .map(i -> (int) Math.round(
                        medians.length == 0 || Double.isNaN(medians[i]) ? histories.globalMedian() : medians[i]))
                .toArray();
        return new EvaluationReport.Row(name, LikesMetrics.ofPoint(truth, likes), truth, likes);
    }
}
