package dev.plaudit.local;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.PostDate;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.ScoredPost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  plaudit score --company \"Oven & Co\" --username ovenandco --date 2026-03-06T08:30 \\",
            "    --text \"Warm sourdough from six!\" --caption \"a loaf of bread\" --typical-likes 120 --explain",
            "  plaudit score --company \"Oven & Co\" --text \"Warm sourdough from six!\" --image loaf.jpg",
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

    @Option(names = "--company", description = "The company behind the account.")
    private String company;

    @Option(names = "--username", description = "The account that posts.")
    private String username;

    @Option(names = "--date", description = "When it is posted, as in 2026-03-06T08:30.")
    private String date;

    @Option(names = "--caption", description = "What its picture shows; once for each picture.", paramLabel = "TEXT")
    private List<String> captions = List.of();

    @Option(
            names = "--image",
            description = "A picture to look at, a file or an address; once for each picture.",
            paramLabel = "FILE|URL")
    private List<String> images = List.of();

    @Option(names = "--followers", description = "How many follow the account.", paramLabel = "N")
    private Long followers;

    @Option(names = "--typical-likes", description = "What its posts usually get.", paramLabel = "N")
    private Double typicalLikes;

    @Option(
            names = "--history",
            split = ",",
            converter = EarlierPostConverter.class,
            description = "The likes of earlier posts, as in 120,80,310, or better with their dates and what they"
                    + " carried, as in 120@2026-02-27@photo,80@2026-03-02.",
            paramLabel = "N[@DATE[@KIND]]")
    private List<EarlierPost> history = List.of();

    @Option(names = "--location", description = "Where the account says it is.")
    private String location;

    @Option(names = "--explain", description = "Also say what moved the prediction.")
    private boolean explain;

    @Option(names = "--json", description = "Answer in JSON, as POST /v1/score does.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean many = false;
        List<Post> posts;
        if (file == null) {
            posts = List.of(described().requireScorable());
        } else {
            byte[] input = file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
            many = new String(input, 0, Math.min(input.length, 64))
                    .stripLeading()
                    .startsWith("[");
            posts = many
                    ? Post.requireScorable(SimulationJson.readList(input, Post.class))
                    : List.of(SimulationJson.read(input, Post.class).requireScorable());
        }
        try (LocalPipeline pipeline = LocalPipeline.open(posts.stream().anyMatch(Post::needsLook))) {
            List<Simulation> scored = pipeline.score(posts, new Options(explain));
            print(scored, many);
            return scored.stream().allMatch(simulation -> simulation.problem() == null) ? 0 : Plaudit.BAD_INPUT;
        }
    }

    private Post described() {
        return new Post(
                null,
                text,
                username,
                company,
                date == null ? null : PostDate.parse(date),
                Stream.concat(
                                captions.stream().map(ScoreCommand::described),
                                images.stream().map(Media::photo))
                        .toList(),
                new Account(followers, location, typicalLikes, history));
    }

    private static Media described(String caption) {
        if (caption.isBlank()) {
            throw new InvalidFieldException("caption", "must say what the picture shows");
        }
        return Media.described(caption);
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
