package dev.plaudit.local;

import dev.plaudit.events.Options;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.ScoreTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plaudit batch}: a table of posts in, the same table with predictions out. */
@Command(
        name = "batch",
        description = {
            "Predict the likes of every post of a table: CSV or JSON Lines, plain or .gz, or .xlsx.",
            "Columns: id, date, content, username, media, inferred company, caption, followers, location, typical"
                    + " likes; others are carried along. The order stays. A row that is no post gets an error in place of a prediction."
        },
        footer = {
            "  plaudit batch posts.csv -o scored.csv",
            "  plaudit batch posts.csv.gz -o scored.jsonl --fetch --resume"
        })
final class BatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Parameters(paramLabel = "IN", description = "The table of posts.")
    private Path in;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "OUT",
            description = "The table to write: .csv, .csv.gz, .jsonl, .jsonl.gz or .xlsx.")
    private Path out;

    @Option(
            names = "--fetch",
            description = "Fetch the media that have no caption, and look at them; adds the column seen.")
    private boolean fetch;

    @Option(names = "--resume", description = "Go on with an output that was cut short.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out) && Files.exists(in) && Files.isSameFile(in, out)) {
            throw new IllegalArgumentException("the output would overwrite the input: choose another name with -o");
        }
        // The output last: one that is there already stays when nothing can be scored.
        try (PostTable table = PostTable.open(in);
                LocalPipeline pipeline = LocalPipeline.toScore(fetch);
                ScoreTable scores = resume
                        ? ScoreTable.resume(out, table.columns(), fetch)
                        : ScoreTable.create(out, table.columns(), fetch)) {
            PrintWriter err = spec.commandLine().getErr();
            BatchRun run = new BatchRun(post -> pipeline.score(post, Options.DEFAULT), err);
            Thread interrupt = Thread.ofPlatform().unstarted(run::stop);
            Runtime.getRuntime().addShutdownHook(interrupt);
            BatchRun.Summary summary = run.score(table, scores, in.getFileName().toString());
            if (summary.stopped()) {
                return 1;
            }
            Runtime.getRuntime().removeShutdownHook(interrupt);
            err.println(summary.describe(out));
            err.flush();
            return summary.failed() == 0 ? 0 : 1;
        }
    }
}
