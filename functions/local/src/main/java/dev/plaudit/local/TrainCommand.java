package dev.plaudit.local;

import dev.plaudit.features.LevelCalibration;
import dev.plaudit.training.behavior.BucketTraining;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LikesTraining;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.caption.Blip2Shape;
import dev.plaudit.training.caption.CaptionTraining;
import dev.plaudit.training.caption.CaptionTrainingOptions;
import dev.plaudit.training.evaluation.LikesMetrics;
import dev.plaudit.training.likes.BoostingOptions;
import dev.plaudit.training.pictures.PictureRenderer;
import dev.plaudit.training.pictures.Split;
import dev.plaudit.training.text.TextTrainingOptions;
import dev.plaudit.training.writer.LevelCalibrator;
import dev.plaudit.training.writer.WriterData;
import dev.plaudit.training.writer.WriterEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit train}: the models, from posts with known likes or from pictures of its own. */
@Command(
        name = "train",
        description = "Train a model: on posts with known likes, or on pictures that the command draws itself.",
        synopsisSubcommandLabel = "(bucket | likes | caption | post | levels)",
        subcommands = TrainPostCommand.class,
        footer = {
            "  plaudit train bucket --data posts.csv.gz --out my/bucket",
            "  plaudit train likes --data posts.csv.gz --classifier my/bucket --out my/likes",
            "  plaudit train caption --out my/caption",
            "  plaudit train post --data posts.csv.gz --out my/post",
            "  plaudit train levels --data posts.csv.gz --model my/post"
        })
final class TrainCommand {
    static final String DATA = "CSV or JSON Lines, plain or .gz, or .xlsx, with a column named likes.";

    @Spec
    private CommandSpec spec;

    private LabeledFiles read(List<Path> data) throws IOException {
        return read(data, spec);
    }

    static LabeledFiles read(List<Path> data, CommandSpec spec) throws IOException {
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
        if (from != null) {
            IdleOptions.refuse(
                    spec.subcommands().get("bucket").getCommandSpec(),
                    Set.of("--layers", "--dim", "--heads", "--vocabulary", "--dropout"),
                    "--from, which has its own size");
        }
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
        SplitChoice choice = new SplitChoice(split, seed);
        files.tellLeftOut(choice, spec.commandLine().getErr());
        BucketTraining training = new BucketTraining(
                choice,
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
            description = "Train the likes model, eight boosted regressors.",
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
                            defaultValue = "0.5",
                            description =
                                    "How much being far off weighs against missing the bucket when the bucket is decided"
                                            + " on. Default: ${DEFAULT-VALUE}.")
                    double distanceWeight,
            @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed)
            throws IOException {
        LabeledFiles files = read(data);
        files.tellLeftOut(SplitChoice.read(classifier), spec.commandLine().getErr());
        try (ConsoleProgress progress = new ConsoleProgress()) {
            LikesMetrics metrics = new LikesTraining(
                            0.8, distanceWeight, BoostingOptions.defaults(seed), BoostingOptions.ofManyRows(seed))
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
            name = "levels",
            description = {
                "Calibrate the like levels of a writer, on the posts that it was chosen by.",
                "Training it does so already; this is for one whose weights have changed since."
            },
            footer = "  plaudit train levels --data posts.csv.gz --model my/post")
    int levels(
            @Option(names = "--data", required = true, arity = "1..*", paramLabel = "FILE", description = DATA)
                    List<Path> data,
            @Option(names = "--model", required = true, paramLabel = "FOLDER", description = "The writer.") Path model)
            throws IOException {
        LabeledFiles files = read(data);
        WriterData posts = WriterData.of(files.labeled(), files.unlabeled(), SplitChoice.read(model));
        try (ConsoleProgress progress = new ConsoleProgress()) {
            LevelCalibration calibration =
                    LevelCalibrator.calibrate(model, posts, WriterEvaluation.INFERENCE, progress);
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: temperature %.3f, biases %.3f, %.3f and %.3f%n",
                            model,
                            calibration.temperature(),
                            calibration.biases().get(0),
                            calibration.biases().get(1),
                            calibration.biases().get(2));
        }
        return 0;
    }

    @Command(
            name = "caption",
            description = "Train the captioner, a small BLIP-2, on pictures that the command draws itself.",
            footer = {
                "  plaudit train caption --out my/caption --minutes 120",
                "  plaudit train caption --out my/caption --minutes 120 --resume"
            })
    int caption(
            @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the model goes.")
                    Path out,
            @Option(names = "--minutes", defaultValue = "90", description = "At most. Default: ${DEFAULT-VALUE}.")
                    int minutes,
            @Option(names = "--steps", defaultValue = "12000", description = "At most. Default: ${DEFAULT-VALUE}.")
                    int steps,
            @Option(names = "--batch", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.") int batch,
            @Option(names = "--pictures", defaultValue = "40000", description = "Default: ${DEFAULT-VALUE}.")
                    int pictures,
            @Option(names = "--learning-rate", defaultValue = "2.5e-3", description = "Default: ${DEFAULT-VALUE}.")
                    double learningRate,
            @Option(
                            names = "--looking",
                            defaultValue = "0.5",
                            description = "Which part of the training only the eye learns. Default: ${DEFAULT-VALUE}.")
                    double looking,
            @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed,
            @Option(names = "--threads", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") int threads,
            @Option(names = "--resume", description = "Go on with a training that was cut short.") boolean resume)
            throws IOException {
        PictureRenderer renderer = new PictureRenderer();
        CaptionTraining training = new CaptionTraining(
                number -> renderer.render(Split.TRAIN, number),
                number -> renderer.render(Split.VALIDATION, number),
                CaptionTrainingOptions.builder()
                        .atMost(Duration.ofMinutes(minutes))
                        .steps(steps)
                        .batchSize(batch)
                        .pictures(pictures, Math.min(3000, pictures))
                        .learningRate(learningRate)
                        .looking(looking)
                        .seed(seed)
                        .threads(threads)
                        .resume(resume)
                        .build());
        try (ConsoleProgress progress = new ConsoleProgress()) {
            CaptionTraining.Outcome outcome = training.train(Blip2Shape::small, out, progress);
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: names the main object of %.1f %% of %,d unseen pictures, its colour of %.1f %%%n",
                            out,
                            100 * outcome.unseen().subjectNamed(),
                            outcome.unseen().pictures(),
                            100 * outcome.unseen().colorNamed());
        }
        return 0;
    }
}
