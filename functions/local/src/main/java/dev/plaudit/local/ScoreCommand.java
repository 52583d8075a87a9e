package dev.plaudit.local;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.ScoredPost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plaudit score}: one post, or a JSON file of them. */
@Command(
        name = "score",
        description = "Predict the likes of a post.",
        footer = {
            "  plaudit score --company \"Oven & Co\" --username ovenandco \\",
            "    --date 2026-03-06T08:30 --text \"Warm sourdough from six!\" \\",
            "    --caption \"a loaf of bread\" --typical-likes 120 --explain",
            "  plaudit score --company \"Oven & Co\" --text \"We open at six\" --image loaf.jpg",
            "  plaudit score post.json --json",
            "  echo '{\"content\": \"We open at six\", \"company\": \"Oven & Co\"}' | plaudit score -"
        })
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A JSON file with a post or a list of posts; - for standard input.")
    private Path file;

    @Option(names = "--text", description = "The text of the post.")
    private String text;

    @Mixin
    private PostOptions post;

    @Option(names = "--explain", description = "Also say what moved the prediction.")
    private boolean explain;

    @Option(names = "--json", description = "Answer in JSON, as POST /v1/score does.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean many = false;
        List<Post> posts;
        if (file == null) {
            posts = List.of(post.read().withContent(text).requireScorable());
        } else {
            IdleOptions.refuse(spec, spec.mixins().get("post").optionsMap().keySet(), "a file");
            IdleOptions.refuse(spec, Set.of("--text"), "a file");
            if (Files.isDirectory(file)) {
                throw new IllegalArgumentException("'" + file + "' is a folder, not a file of posts");
            }
            byte[] input = file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
            many = SimulationJson.startsList(input);
            posts = many
                    ? Post.requireScorable(SimulationJson.readList(input, Post.class))
                    : List.of(SimulationJson.read(input, Post.class).requireScorable());
        }
        try (LocalPipeline pipeline = LocalPipeline.toScore(posts.stream().anyMatch(Post::needsLook))) {
            List<Simulation> scored = pipeline.score(posts, new Options(explain));
            print(scored, many);
            return scored.stream().allMatch(simulation -> simulation.problem() == null) ? 0 : Plaudit.BAD_INPUT;
        }
    }

    private void print(List<Simulation> scored, boolean many) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<ScoredPost> answers = scored.stream().map(ScoredPost::of).toList();
            out.println(SimulationJson.write(many ? answers : answers.getFirst()));
        } else {
            ScoreSheet sheet =
                    new ScoreSheet(out, spec.commandLine().getColorScheme().ansi());
            scored.forEach(sheet::print);
        }
        out.flush();
    }
}
