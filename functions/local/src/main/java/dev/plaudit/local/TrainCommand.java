package dev.plaudit.local;

import dev.plaudit.training.behavior.BucketTraining;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LikesTraining;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.training.language.LanguageHistory;
import dev.plaudit.training.language.LanguageTrainingOptions;
import dev.plaudit.training.language.Lora;
import dev.plaudit.training.likes.BoostingOptions;
import dev.plaudit.training.text.TextTrainingOptions;
import dev.plaudit.training.writer.WriterTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit train}: the models, from posts with known likes. */
@Command(
        name = "train",
        description = "Train a model on posts with known likes.",
        synopsisSubcommandLabel = "(bucket | likes | post)",
        footer = {
            "  plaudit train bucket --data posts.csv.gz --out my/bucket",
            "  plaudit train likes --data posts.csv.gz --classifier my/bucket --out my/likes",
            "  plaudit train post --data posts.csv.gz --out my/post"
        })
final class TrainCommand {
    private static final String DATA = "CSV, JSON Lines or .xlsx, plain or .gz, with a column named likes.";

    @Spec
    private CommandSpec spec;

    private LabeledFiles read(List<Path> data) throws IOException {
        LabeledFiles files = LabeledFiles.read(data);
        spec.commandLine()
                .getErr()
                .printf(
                        "%,d posts with likes, %,d without, %,d rows that are no posts%n",
                        files.labeled().size(), files.unlabeled().size(), files.unreadable());
        return files;
    }

    @Command(
            name = "bucket",
            description = "Train the bucket classifier, a DistilBERT.",
            footer = {
                "  plaudit train bucket --data posts.csv.gz --out my/bucket --epochs 12",
                "  plaudit train bucket --data posts.csv.gz --out my/bucket --resume"
            })
    int bucket(
            @Option(
                            names = "--data",
                            required = true,
                            arity = "1..*",
                            paramLabel = "FILE",
                            description = DATA + " Rows without likes add to the vocabulary.")
                    List<Path> data,
            @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the model goes.")
                    Path out,
            @Option(
                            names = "--split",
                            defaultValue = "random",
                            description = "What stays unseen: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
                    DataSplit.Kind split,
            @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed,
            @Option(names = "--from", paramLabel = "FOLDER", description = "Start from this checkpoint.") Path from,
            @Option(names = "--layers", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.") int layers,
            @Option(names = "--dim", defaultValue = "128", description = "Default: ${DEFAULT-VALUE}.") int dim,
            @Option(names = "--heads", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.") int heads,
            @Option(names = "--vocabulary", defaultValue = "8000", description = "Default: ${DEFAULT-VALUE}.")
                    int vocabulary,
            @Option(names = "--dropout", defaultValue = "0.15", description = "Default: ${DEFAULT-VALUE}.")
                    double dropout,
            @Option(names = "--epochs", defaultValue = "14", description = "Default: ${DEFAULT-VALUE}.") int epochs,
            @Option(names = "--batch", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.") int batch,
            @Option(names = "--learning-rate", defaultValue = "1e-3", description = "Default: ${DEFAULT-VALUE}.")
                    double learningRate,
            @Option(names = "--weight-decay", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
                    double weightDecay,
            @Option(
                            names = "--label-spread",
                            defaultValue = "0.2",
                            description =
                                    "How uncertain a post's own log1p(likes) counts as. Default: ${DEFAULT-VALUE}.")
                    double labelSpread,
            @Option(
                            names = "--teaching",
                            defaultValue = "0.85",
                            description =
                                    "How much of a target is what boosted trees say of the post. Default: ${DEFAULT-VALUE}.")
                    double teaching,
            @Option(
                            names = "--patience",
                            defaultValue = "6",
                            description = "Epochs without a better one before it stops. Default: ${DEFAULT-VALUE}.")
                    int patience,
            @Option(names = "--threads", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") int threads,
            @Option(names = "--resume", description = "Go on with a training that was cut short.") boolean resume)
            throws IOException {
        LabeledFiles files = read(data);
        TextTrainingOptions.Builder options = TextTrainingOptions.builder()
                .epochs(epochs)
                .batchSize(batch)
                .learningRate(learningRate)
                .weightDecay(weightDecay, true)
                .averageDecay(0.998)
                .selection(TextTrainingOptions.Selection.LOSS)
                .patience(patience)
                .threads(threads)
                .seed(seed)
                .halfPrecision(true)
                .resume(resume);
        if (from != null) {
            options.start(from);
        }
        BucketTraining training = new BucketTraining(
                new SplitChoice(split, seed),
                new BucketTraining.Size(vocabulary, layers, dim, heads, dropout),
                labelSpread,
                teaching,
                options.build());
        try (ConsoleProgress progress = new ConsoleProgress()) {
            BucketTraining.Outcome outcome = training.train(files.labeled(), files.unlabeled(), out, progress);
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: best epoch %d, accuracy %.4f on the posts to choose by, %.4f on %,d unseen posts%n",
                            out,
                            outcome.history().best(),
                            outcome.history().bestEpoch().validationAccuracy(),
                            outcome.testAccuracy(),
                            outcome.testPosts());
        }
        return 0;
    }

    @Command(
            name = "likes",
            description = "Train the likes model, seven boosted regressors.",
            footer = "  plaudit train likes --data posts.csv.gz --classifier my/bucket --out my/likes")
    int likes(
            @Option(names = "--data", required = true, arity = "1..*", paramLabel = "FILE", description = DATA)
                    List<Path> data,
            @Option(
                            names = "--classifier",
                            required = true,
                            paramLabel = "FOLDER",
                            description = "The bucket classifier that the likes model goes with.")
                    Path classifier,
            @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the model goes.")
                    Path out,
            @Option(
                            names = "--distance-weight",
                            defaultValue = "0.25",
                            description =
                                    "How much being far off weighs against missing the bucket when the bucket is decided"
                                            + " on. Default: ${DEFAULT-VALUE}.")
                    double distanceWeight,
            @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed)
            throws IOException {
        LabeledFiles files = read(data);
        try (ConsoleProgress progress = new ConsoleProgress()) {
            LikesMetrics metrics = new LikesTraining(0.8, distanceWeight, BoostingOptions.defaults(seed))
                    .train(files.labeled(), classifier, out, progress);
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: RMSE of log1p(likes) %.4f on the posts to calibrate by; measure it on unseen posts with"
                                    + " plaudit evaluate%n",
                            out, metrics.rmseLog());
        }
        return 0;
    }

    @Command(
            name = "post",
            description = {
                "Train the writer, a Llama, from scratch or from a checkpoint.",
                "It learns to write posts from rows with a text, and to tell like levels from rows with likes."
            },
            footer = {
                "  plaudit train post --data posts.csv.gz --out my/post --epochs 6",
                "  plaudit train post --data posts.csv.gz --out my/post --resume",
                "  plaudit train post --data posts.csv.gz --out my/adapter --base my/llama --lora 8"
            })
    int post(
            @Option(names = "--data", required = true, arity = "1..*", paramLabel = "FILE", description = DATA)
                    List<Path> data,
            @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the model goes.")
                    Path out,
            @Option(
                            names = "--split",
                            defaultValue = "random",
                            description = "What stays unseen: random or company. Default: ${DEFAULT-VALUE}.")
                    DataSplit.Kind split,
            @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed,
            @Option(names = "--base", paramLabel = "FOLDER", description = "Start from this Llama checkpoint.")
                    Path base,
            @Option(
                            names = "--lora",
                            paramLabel = "RANK",
                            description = "Train an adapter of this rank in place of the base's own weights.")
                    Integer rank,
            @Option(
                            names = "--lora-alpha",
                            defaultValue = "16",
                            description = "An adapter's weight, times its rank. Default: ${DEFAULT-VALUE}.")
                    double alpha,
            @Option(
                            names = "--lora-modules",
                            split = ",",
                            defaultValue = "q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj",
                            description = "What is adapted. Default: ${DEFAULT-VALUE}.")
                    Set<String> modules,
            @Option(names = "--layers", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.") int layers,
            @Option(names = "--dim", defaultValue = "256", description = "Default: ${DEFAULT-VALUE}.") int dim,
            @Option(names = "--vocabulary", defaultValue = "6000", description = "Default: ${DEFAULT-VALUE}.")
                    int vocabulary,
            @Option(
                            names = "--max-tokens",
                            defaultValue = "192",
                            description = "The longest prompt with its post. Default: ${DEFAULT-VALUE}.")
                    int maxTokens,
            @Option(names = "--dropout", defaultValue = "0.1", description = "Default: ${DEFAULT-VALUE}.")
                    double dropout,
            @Option(
                            names = "--level-share",
                            defaultValue = "0.3",
                            description =
                                    "Like levels asked for, as a share of the posts written. Default: ${DEFAULT-VALUE}.")
                    double levelShare,
            @Option(names = "--epochs", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.") int epochs,
            @Option(
                            names = "--minutes",
                            defaultValue = "600",
                            description = "The training ends then at the latest. Default: ${DEFAULT-VALUE}.")
                    int minutes,
            @Option(names = "--batch", defaultValue = "24", description = "Default: ${DEFAULT-VALUE}.") int batch,
            @Option(names = "--learning-rate", defaultValue = "2e-3", description = "Default: ${DEFAULT-VALUE}.")
                    double learningRate,
            @Option(names = "--weight-decay", defaultValue = "0.1", description = "Default: ${DEFAULT-VALUE}.")
                    double weightDecay,
            @Option(
                            names = "--round",
                            defaultValue = "200",
                            description = "Steps between measurements. Default: ${DEFAULT-VALUE}.")
                    int round,
            @Option(
                            names = "--patience",
                            defaultValue = "5",
                            description = "Rounds without a better one before it stops. Default: ${DEFAULT-VALUE}.")
                    int patience,
            @Option(names = "--threads", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") int threads,
            @Option(names = "--resume", description = "Go on with a training that was cut short.") boolean resume)
            throws IOException {
        LabeledFiles files = read(data);
        WriterTraining training = new WriterTraining(
                new SplitChoice(split, seed),
                new WriterTraining.Size(vocabulary, layers, dim),
                levelShare,
                new LanguageTrainingOptions(
                        epochs,
                        Duration.ofMinutes(minutes),
                        batch,
                        maxTokens,
                        learningRate,
                        0.03,
                        weightDecay,
                        1,
                        0.995,
                        dropout,
                        round,
                        patience,
                        threads,
                        seed,
                        resume,
                        Optional.ofNullable(base),
                        Optional.ofNullable(rank).map(r -> new Lora(r, alpha, modules))));
        try (ConsoleProgress progress = new ConsoleProgress()) {
            PrintWriter samples = spec.commandLine().getErr();
            LanguageHistory history = training.train(
                    files.labeled(),
                    files.unlabeled(),
                    out,
                    sample -> samples.printf("%n%s%n", sample.strip()),
                    progress);
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: best round %d of %d, perplexity %.1f on the posts to choose by; measure it on unseen"
                                    + " posts with plaudit evaluate --task content%n",
                            out,
                            history.best() + 1,
                            history.rounds().size(),
                            history.bestRound().perplexity());
        }
        return 0;
    }
}
