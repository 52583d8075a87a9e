package dev.plaudit.local;

import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.language.LanguageTrainingOptions;
import dev.plaudit.training.language.LlamaTorchScript;
import dev.plaudit.training.language.Lora;
import dev.plaudit.training.writer.WriterTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit train post}: the writer. */
@Command(
        name = "post",
        description = {
            "Train the writer, a Llama, from scratch or from a checkpoint.",
            "It learns to write posts from rows with a text, and to tell like levels from rows with likes."
        },
        footer = {
            "  plaudit train post --data posts.csv.gz --out my/post --epochs 6",
            "  plaudit train post --data posts.csv.gz --out my/post --resume",
            "  plaudit train post --data posts.csv.gz --out my/lora --base my/llama --lora 8"
        })
final class TrainPostCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, arity = "1..*", paramLabel = "FILE", description = TrainCommand.DATA)
    private List<Path> data;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the model goes.")
    private Path out;

    @Option(
            names = "--split",
            defaultValue = "random",
            description = "What stays unseen: random or company. Default: ${DEFAULT-VALUE}.")
    private DataSplit.Kind split;

    @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--base", paramLabel = "FOLDER", description = "Start from this Llama checkpoint.")
    private Path base;

    @Option(
            names = "--lora",
            paramLabel = "RANK",
            description = "Train an adapter of this rank in place of the base's own weights.")
    private Integer rank;

    @Option(
            names = "--lora-alpha",
            defaultValue = "16",
            description = "An adapter's weight, times its rank. Default: ${DEFAULT-VALUE}.")
    private double alpha;

    @Option(
            names = "--lora-modules",
            split = ",",
            defaultValue = "q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj",
            description = "What is adapted. Default: ${DEFAULT-VALUE}.")
    private Set<String> modules;

    @Option(names = "--layers", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.")
    private int layers;

    @Option(names = "--dim", defaultValue = "256", description = "Default: ${DEFAULT-VALUE}.")
    private int dim;

    @Option(names = "--vocabulary", defaultValue = "6000", description = "Default: ${DEFAULT-VALUE}.")
    private int vocabulary;

    @Option(
            names = "--max-tokens",
            defaultValue = "192",
            description = "The longest prompt with its post. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(names = "--dropout", defaultValue = "0.1", description = "Default: ${DEFAULT-VALUE}.")
    private double dropout;

    @Option(
            names = "--level-share",
            defaultValue = "0.3",
            description = "Like levels asked for, as a share of the posts written. Default: ${DEFAULT-VALUE}.")
    private double levelShare;

    @Option(names = "--epochs", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--minutes",
            defaultValue = "600",
            description = "The training ends then at the latest. Default: ${DEFAULT-VALUE}.")
    private int minutes;

    @Option(names = "--batch", defaultValue = "24", description = "Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "2e-3", description = "Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(names = "--weight-decay", defaultValue = "0.1", description = "Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--round",
            defaultValue = "200",
            description = "Steps between measurements. Default: ${DEFAULT-VALUE}.")
    private int round;

    @Option(
            names = "--patience",
            defaultValue = "5",
            description = "Rounds without a better one before it stops. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(names = "--threads", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--evaluated",
            paramLabel = "N",
            defaultValue = "500",
            description = "Unseen posts written at the end to measure it. Default: ${DEFAULT-VALUE}.")
    private int evaluated;

    @Option(
            names = "--ngrams",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Also write ngrams.index, a hashed copy of the texts: no run of N of their tokens is written then.")
    private int ngrams;

    @Option(names = "--torchscript", description = "Also write model.pt, for PyTorch; not of an adapter.")
    private boolean torchScript;

    @Option(names = "--resume", description = "Go on with a training that was cut short.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        if (torchScript && rank != null) {
            throw new IllegalArgumentException("--torchscript writes a whole model, not an adapter: leave --lora out");
        }
        if (base != null) {
            IdleOptions.refuse(spec, Set.of("--layers", "--dim", "--vocabulary"), "--base, which has its own size");
        }
        if (rank == null) {
            IdleOptions.refuse(spec, Set.of("--lora-alpha", "--lora-modules"), "all weights trained, without --lora");
        }
        LabeledFiles files = TrainCommand.read(data, spec);
        WriterTraining training = new WriterTraining(
                new SplitChoice(split, seed),
                new WriterTraining.Size(vocabulary, layers, dim),
                levelShare,
                evaluated,
                ngrams,
                options());
        PrintWriter samples = spec.commandLine().getErr();
        try (ConsoleProgress progress = new ConsoleProgress()) {
            WriterTraining.Outcome outcome = training.train(
                    files.labeled(),
                    files.unlabeled(),
                    files.source(data),
                    out,
                    sample -> samples.printf("%n%s%n", sample.strip()),
                    progress);
            if (torchScript) {
                LlamaTorchScript.write(out, out.resolve("model.pt"));
            }
            progress.close();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: best round %d of %d, perplexity %.1f on the posts to choose by%n%n%s%n",
                            out,
                            outcome.history().best() + 1,
                            outcome.history().rounds().size(),
                            outcome.history().bestRound().perplexity(),
                            outcome.report().text());
        }
        return 0;
    }

    private LanguageTrainingOptions options() {
        return new LanguageTrainingOptions(
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
                Optional.ofNullable(rank).map(r -> new Lora(r, alpha, modules)));
    }
}
