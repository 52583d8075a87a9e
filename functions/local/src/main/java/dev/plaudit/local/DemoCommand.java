package dev.plaudit.local;

import dev.plaudit.events.Media;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Writing;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plaudit demo}: the main job, on posts that were written for it. */
@Command(
        name = "demo",
        description = "Score a handful of example posts with their pictures, explain one, and write one.",
        footer = "  plaudit demo")
final class DemoCommand implements Callable<Integer> {
    private static final String POSTS = "demo-posts.json";
    private static final int DRAFTS = 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ScoreSheet sheet =
                new ScoreSheet(out, spec.commandLine().getColorScheme().ansi());
        List<Post> posts = posts();
        try (LocalPipeline pipeline = LocalPipeline.toOptimize(true)) {
            out.println("Posts of companies that do not exist, scored by the models that ship:\n");
            List<Simulation> scored =
                    new ArrayList<>(pipeline.score(posts.subList(0, posts.size() - 1), Options.DEFAULT));
            scored.forEach(sheet::print);
            out.println("The same account with another post, and why:\n");
            sheet.print(pipeline.score(posts.getLast(), new Options(true)));
            out.println("What to post with the first picture: the best of " + DRAFTS + " drafts:\n");
            new DraftSheet(out, spec.commandLine().getColorScheme().ansi())
                    .print(pipeline.optimize(
                            posts.getFirst(),
                            new Options(false, null, new Writing(DRAFTS, null, null, null, null, null))));
        }
        out.println("""
                Next:
                  ./plaudit score --help              your own post
                  ./plaudit batch posts.csv -o scored.csv
                  ./plaudit optimize --help           the best of several drafts
                  ./plaudit serve                     the same over HTTP, with OpenAPI at /q/openapi""");
        out.flush();
        return 0;
    }

    private static List<Post> posts() throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream(POSTS)) {
            return SimulationJson.readList(in.readAllBytes(), Post.class).stream()
                    .map(DemoCommand::withPictures)
                    .toList();
        }
    }

    /** The post with the pictures that lie beside it in place of their names. */
    private static Post withPictures(Post post) {
        return post.withMedia(post.media().stream()
                .map(medium -> medium.url() == null ? medium : Media.photo(picture(medium.url())))
                .toList());
    }

    private static String picture(String name) {
        try (InputStream in = DemoCommand.class.getResourceAsStream(name)) {
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
