import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.Post;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.writer.WriterData;
import dev.plaudit.training.writer.WriterData.Written;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Asks for one draft and for the best of several, for posts that the writer has not seen. */
class Optimize {
    private static final Duration START = Duration.ofMinutes(1);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        URI server = URI.create(args[0]);
        int drafts = Integer.parseInt(args[3]);
        List<Post> posts = unseen(Path.of(args[1]), Integer.parseInt(args[2]), Arrays.copyOfRange(args, 4, args.length));
        awaitReady(server);
        int[] single = new int[posts.size()];
        int[] best = new int[posts.size()];
        for (int i = 0; i < single.length; i++) {
            single[i] = likes(server, posts.get(i), 1, i);
            best[i] = likes(server, posts.get(i), drafts, i);
        }
        System.out.printf("%-22s %12s %20s%n", posts.size() + " unseen posts", "mean likes", "geometric mean");
        print("a single draft", single);
        print("ranked best of " + drafts, best);
        System.out.printf(
                "the best of %d is predicted more likes than the single draft for %.0f %% of the posts%n",
                drafts,
                100.0 * IntStream.range(0, single.length).filter(i -> best[i] > single[i]).count() / single.length);
    }

    /** Posts with a text that the model was not trained on, with what is known of their accounts. */
    private static List<Post> unseen(Path model, int most, String... files) throws IOException {
        List<LabeledPost> labeled = new ArrayList<>();
        List<Post> unlabeled = new ArrayList<>();
        for (String file : files) {
            try (PostTable table = PostTable.open(Path.of(file))) {
                for (Row row : table) {
                    if (row instanceof Row.Readable post) {
                        post.likes().ifPresentOrElse(
                                likes -> labeled.add(new LabeledPost(post.post(), likes)), () -> unlabeled.add(post.post()));
                    }
                }
            }
        }
        SplitChoice split = SplitChoice.read(model);
        List<Written> written =
                new ArrayList<>(WriterData.of(labeled, unlabeled, split).texts(DataSplit.Part.TEST));
        Collections.shuffle(written, new Random(split.seed()));
        return written.stream().limit(most).map(Written::post).toList();
    }

    private static void awaitReady(URI server) throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(server.resolve("/q/health/ready")).build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady(ready)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(server + " is not ready after " + START.toSeconds() + " s");
            }
            Thread.sleep(100);
        }
    }

    private static boolean isReady(HttpRequest ready) throws Exception {
        try {
            return CLIENT.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** The likes predicted for the first of so many drafts. */
    private static int likes(URI server, Post post, int drafts, int seed) throws Exception {
        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(server.resolve("/v1/optimize"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(SimulationJson.write(
                                Map.of("post", post, "writing", Map.of("drafts", drafts, "seed", seed)))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode likes = SimulationJson.read(response.body(), JsonNode.class).at("/drafts/0/engagement/likes");
        if (!likes.isInt()) {
            throw new IllegalStateException(response.statusCode() + ": " + response.body());
        }
        return likes.intValue();
    }

    private static void print(String what, int[] likes) {
        System.out.printf(
                "%-22s %,12.0f %,20.0f%n",
                what,
                Arrays.stream(likes).average().orElseThrow(),
                Math.expm1(Arrays.stream(likes).mapToDouble(Math::log1p).average().orElseThrow()));
    }
}
