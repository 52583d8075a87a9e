package dev.plaudit.local;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.WrittenPost;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit optimize}: the best of several drafts. */
@Command(
        name = "optimize",
        description = {
            "Write a post several times, predict the likes of each draft, and put the best first.",
            "That is the nearest to --wish where there is one, else the one with the most likes."
        },
        footer = {
            "  plaudit optimize --company \"Oven & Co\" --caption \"a loaf\" --typical-likes 120",
            "  plaudit optimize --company \"Oven & Co\" --image loaf.jpg --wish 300 --json"
        })
final class OptimizeCommand implements Callable<Integer> {
    private static final int USUAL_DRAFTS = 8;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Mixin
    private PostOptions post;

    @Mixin
    private WritingOptions writing;

    @Option(names = "--json", description = "Answer in JSON, as POST /v1/optimize does.")
    private boolean json;

    @Override
    public Integer call() {
        Post known = post.read().requireWritable();
        Options options = writing.read(USUAL_DRAFTS);
        try (LocalPipeline pipeline = LocalPipeline.toOptimize(known.needsLook())) {
            Simulation ranked = pipeline.optimize(known, options);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(SimulationJson.write(WrittenPost.of(ranked)));
            } else {
                new DraftSheet(out, spec.commandLine().getColorScheme().ansi()).print(ranked);
            }
            out.flush();
            return ranked.problem() == null ? 0 : Plaudit.BAD_INPUT;
        }
    }
}
