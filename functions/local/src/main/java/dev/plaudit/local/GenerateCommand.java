package dev.plaudit.local;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.WrittenPost;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit generate}: a post is written. */
@Command(
        name = "generate",
        description = "Write a post.",
        footer = {
            "  plaudit generate --company \"Oven & Co\" --caption \"a loaf of bread\" --wish 300",
            "  plaudit generate --username ovenandco --image loaf.jpg --drafts 4 --json"
        })
final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Mixin
    private PostOptions post;

    @Mixin
    private WritingOptions writing;

    @Option(names = "--json", description = "Answer in JSON, as POST /v1/generate does.")
    private boolean json;

    @Override
    public Integer call() {
        IdleOptions.refuse(spec, Set.of("--bucket-model", "--likes-model"), "generate, which scores nothing");
        Post known = post.read().requireWritable();
        Options options = writing.read(1);
        try (LocalPipeline pipeline = LocalPipeline.toWrite(known.needsLook())) {
            Simulation written = pipeline.write(known, options);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(SimulationJson.write(WrittenPost.of(written)));
            } else {
                new DraftSheet(out, spec.commandLine().getColorScheme().ansi()).print(written);
            }
            out.flush();
            return written.problem() == null ? 0 : Plaudit.BAD_INPUT;
        }
    }
}
