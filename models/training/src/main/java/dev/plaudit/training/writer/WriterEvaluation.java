package dev.plaudit.training.writer;

import dev.plaudit.events.Account;
import dev.plaudit.events.Post;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.EarlyStopping;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.training.Progress;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.evaluation.Consensus;
import dev.plaudit.training.evaluation.CopiedRuns;
import dev.plaudit.training.evaluation.WritingMetrics;
import dev.plaudit.training.evaluation.WritingReport;
import dev.plaudit.training.evaluation.WritingReport.Copies;
import dev.plaudit.training.evaluation.WritingReport.Levels;
import dev.plaudit.training.evaluation.WritingReport.Row;
import dev.plaudit.training.writer.WriterData.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Measures a writer on posts that it has not seen, by the inference that serving runs. */
public final class WriterEvaluation implements AutoCloseable {
    /**
     * How a writer is opened to be measured: with room for as many tokens as serving's default, since all rows of the cache
     * are kept for the longest sequence.
     */
    public static final InferenceOptions INFERENCE = InferenceOptions.DEFAULT.withMaxTokens(1024);

    private static final int BEAMS = 4;
    private static final int NO_REPEAT = 3;
    private static final int DRAFTS = 16;
    private static final int ROWS = 16;

    private final String model;
    private final SplitChoice split;
    private final TextGenerator writer;
    private final WriterPrompts prompts;
    private final LevelCalibration calibration;
    private final WriterData data;
    private final List<Written> unseen;
    private final Progress progress;

    private WriterEvaluation(
            Path folder,
            Precision precision,
            SplitChoice split,
            TextGenerator writer,
            WriterData data,
            int posts,
            Progress progress) {
        this.model = "%s in %s, split %s"
                .formatted(folder.getFileName(), precision.name().toLowerCase(Locale.ROOT), split);
        this.split = split;
        this.writer = writer;
        this.prompts = new WriterPrompts(writer);
        this.calibration = LevelCalibration.in(folder);
        this.data = data;
        this.unseen = drawn(data.texts(DataSplit.Part.TEST), posts, split.seed());
        this.progress = progress;
    }

    private static <T> List<T> drawn(List<T> all, int most, long seed) {
        List<T> order = new ArrayList<>(all);
        Collections.shuffle(order, new Random(seed));
        return List.copyOf(order.subList(0, Math.min(most, order.size())));
    }

    /**
     * Opens a writer to measure it.
     *
     * @param folder with the model and its split
     * @param labeled all posts with known likes, those learnt from among them
     * @param unlabeled all others
     * @param posts how many of the unseen ones to write at most
     * @throws dev.plaudit.inference.ModelException when the folder cannot be used
     * @throws IOException when the folder does not say which posts its model has not seen
     */
    public static WriterEvaluation of(
            Path folder,
            List<LabeledPost> labeled,
            List<Post> unlabeled,
            int posts,
            InferenceOptions options,
            Progress progress)
            throws IOException {
        requireTwo(posts);
        SplitChoice split = SplitChoice.read(folder);
        WriterData data = WriterData.of(labeled, unlabeled, split);
        return new WriterEvaluation(
                folder,
                options.precision(),
                split,
                TextGenerator.open(LlamaFolder.of(folder), options),
                data,
                posts,
                progress);
    }

    static void requireTwo(int posts) {
        if (posts < 2) {
            throw new IllegalArgumentException("at least 2 posts must be written, were " + posts);
        }
    }

    /**
     * Writes the unseen posts in several ways, tells their levels, and measures.
     *
     * @param source of the data, in words
     */
    public WritingReport report(String source) {
        GenerationConfig own = writer.defaults();
        GenerationConfig greedy =
                own.withStrategy(new Strategy.Greedy(), 1).withRepetition(NO_REPEAT, own.repetitionPenalty());
        Strategy beams = new Strategy.Beams(BEAMS, 1, EarlyStopping.HEURISTIC);
        List<String> sampled = written("Sampling", own.withStrategy(WriterTraining.SAMPLING, 1));
        List<Row> rows = List.of(
                row("Plaudit, greedy", written("Writing, greedy", greedy)),
                row("Plaudit, %d beams".formatted(BEAMS), written("Writing, beams", greedy.withStrategy(beams, 1))),
                row("Plaudit, sampled", sampled),
                row(
                        "Plaudit, consensus of %d".formatted(DRAFTS),
                        written("Writing, consensus", own.withStrategy(WriterTraining.SAMPLING, DRAFTS))),
                row("a known post of the account", accountPosts()));
        return new WritingReport(
                model,
                source,
                "%d cores, %s".formatted(Runtime.getRuntime().availableProcessors(), System.getProperty("os.arch")),
                perplexity(),
                rows,
                copies(sampled),
                List.of(
                        levels("account known", UnaryOperator.identity()),
                        levels("nothing known of the account", post -> post.withAccount(Account.UNKNOWN))));
    }

    private Row row(String name, List<String> texts) {
        return new Row(
                name,
                WritingMetrics.of(texts, unseen.stream().map(Written::text).toList()));
    }

    /** One text for each unseen post: of several drafts that on which they and the account's earlier posts agree. */
    private List<String> written(String stage, GenerationConfig config) {
        try (SharedTextGenerator shared = new SharedTextGenerator(writer, ROWS, unseen.size())) {
            List<Callable<String>> posts = IntStream.range(0, unseen.size())
                    .<Callable<String>>mapToObj(i -> () -> written(shared, i, config))
                    .toList();
            return written(posts, done -> progress.update(stage, done, ""));
        }
    }

    /**
     * Writes posts side by side. When one fails, the others are broken off.
     *
     * @param progress is told which part of them is written
     * @return the texts, in the order of the posts
     */
    static List<String> written(List<Callable<String>> posts, DoubleConsumer progress) {
        try (ExecutorService workers = Executors.newFixedThreadPool(ROWS)) {
            try {
                List<Future<String>> texts =
                        posts.stream().map(post -> workers.submit(post)).toList();
                List<String> all = new ArrayList<>();
                for (Future<String> text : texts) {
                    progress.accept(all.size() / (double) texts.size());
                    all.add(text.get());
                }
                return all;
            } finally {
                workers.shutdownNow();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "a post could not be written: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while posts were written", e);
        }
    }

    private String written(SharedTextGenerator shared, int index, GenerationConfig config) {
        Post post = unseen.get(index).post();
        int[] prompt = prompts.writing(post, Math.min(config.maxNewTokens(), writer.contextLength() / 4));
        List<String> drafts = shared.generate(prompt, seeded(config, split.seed() + index)).stream()
                .map(draft -> draft.text().strip())
                .toList();
        return Consensus.of(drafts, post.account().posts());
    }

    private static GenerationConfig seeded(GenerationConfig config, long seed) {
        return config.strategy() instanceof Strategy.Sampling sampling
                ? config.withStrategy(sampling.withSeed(seed), config.numReturnSequences())
                : config;
    }

    /** To each unseen post a post learnt from: of its account if there is one, else of its company, else any. */
    private List<String> accountPosts() {
        List<Written> known = data.texts(DataSplit.Part.TRAIN);
        Map<String, List<Written>> accounts =
                by(known, written -> written.post().username());
        Map<String, List<Written>> companies =
                by(known, written -> written.post().company());
        Random random = new Random(split.seed());
        return unseen.stream()
                .map(written -> accounts.getOrDefault(
                        String.valueOf(written.post().username()),
                        companies.getOrDefault(String.valueOf(written.post().company()), known)))
                .map(choice -> choice.get(random.nextInt(choice.size())).text())
                .toList();
    }

    private static Map<String, List<Written>> by(List<Written> posts, Function<Written, String> key) {
        return posts.stream().collect(Collectors.groupingBy(post -> String.valueOf(key.apply(post))));
    }

    private double perplexity() {
        double logs = 0;
        long tokens = 0;
        for (int i = 0; i < unseen.size(); i++) {
            progress.update("Perplexity", i / (double) unseen.size(), "");
            String text = prompts.beginning(unseen.get(i).text());
            int length = writer.prompt(text).length;
            int[] prompt = prompts.writing(unseen.get(i).post(), length);
            logs += writer.logProbabilities(prompt, List.of(text))[0];
            tokens += length - 1;
        }
        return Math.exp(-logs / tokens);
    }

    private Copies copies(List<String> texts) {
        CopiedRuns known = CopiedRuns.in(
                data.texts(DataSplit.Part.TRAIN).stream().map(Written::text).toList());
        List<List<String>> runs = texts.stream()
                .map(known::longest)
                .sorted(Comparator.comparingInt(List::size))
                .toList();
        return new Copies(
                texts.size(),
                runs.getLast().size(),
                runs.get(runs.size() / 2).size(),
                String.join(" ", runs.getLast()));
    }

    private Levels levels(String known, UnaryOperator<Post> view) {
        List<LabeledPost> posts = data.levels(DataSplit.Part.TEST);
        int[] truths = posts.stream().mapToInt(LevelCalibrator::level).toArray();
        double[][] probabilities = new double[truths.length][];
        for (int i = 0; i < truths.length; i++) {
            progress.update("Like levels, " + known, i / (double) truths.length, "");
            probabilities[i] = calibration.probabilities(
                    LevelCalibrator.answers(writer, view.apply(posts.get(i).post())));
        }
        return Levels.of(known, truths, probabilities);
    }

    @Override
    public void close() {
        writer.close();
    }
}
