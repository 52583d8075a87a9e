package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.ScoredPost;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of {@code plaudit serve}, through what befalls processes. */
class JobsIT {
    private static final int POSTS = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> post(URI address, String type, String body) throws Exception {
        return send(HttpRequest.newBuilder(address)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static URI create(URI gateway, String query, String type, String body) throws Exception {
        HttpResponse<String> response = post(gateway.resolve("/v1/jobs" + query), type, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return gateway.resolve(response.headers().firstValue("Location").orElseThrow());
    }

    private static URI createThousand(URI gateway) throws Exception {
        String posts = Posts.of(POSTS).stream().map(SimulationJson::write).collect(Collectors.joining("\n"));
        return create(gateway, "", "application/jsonl", posts);
    }

    private interface Condition {
        boolean holds(JsonNode job);
    }

    private static JsonNode await(URI job, Condition condition) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        JsonNode last = null;
        while (Instant.now().isBefore(end)) {
            last = SimulationJson.MAPPER.readTree(
                    send(HttpRequest.newBuilder(job)).body());
            if (condition.holds(last)) {
                return last;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("still " + last);
    }

    private static void assertAllScored(URI gateway, URI job) throws Exception {
        JsonNode done = await(job, progress -> progress.path("state").asText().equals("done"));
        assertThat(done.path("done").intValue()).isEqualTo(POSTS);
        assertThat(done.path("failed").intValue()).isZero();
        List<ScoredPost> results = send(HttpRequest.newBuilder(URI.create(job + "/results"))
                        .header("Accept", "application/jsonl"))
                .body()
                .lines()
                .map(line -> SimulationJson.read(line, ScoredPost.class))
                .toList();
        assertThat(results)
                .extracting(ScoredPost::id)
                .containsExactlyElementsOf(
                        IntStream.range(0, POSTS).mapToObj(i -> "p" + i).toList());
        HttpResponse<String> atOnce =
                post(gateway.resolve("/v1/score"), "application/json", SimulationJson.write(Posts.of(100)));
        List<Engagement> expected =
                SimulationJson.readList(atOnce.body().getBytes(StandardCharsets.UTF_8), ScoredPost.class).stream()
                        .map(ScoredPost::engagement)
                        .toList();
        for (int i = 0; i < expected.size(); i++) {
            Engagements.assertSame(results.get(i).engagement(), expected.get(i));
        }
    }

    @Test
    void aJobSurvivesThatItsProcessIsKilled() throws Exception {
        int port = FunctionProcess.freePort();
        URI job;
        try (HttpClient client = HttpClient.newHttpClient();
                FunctionProcess first = FunctionProcess.serve(port, folder).awaitReady(client)) {
            job = createThousand(first.address());
            await(job, progress -> progress.path("done").intValue() > 0);
            first.kill();
        }
        try (HttpClient client = HttpClient.newHttpClient();
                FunctionProcess second = FunctionProcess.serve(port, folder).awaitReady(client)) {
            assertThat(await(job, progress -> true).path("total").intValue()).isEqualTo(POSTS);
            assertAllScored(second.address(), job);
        }
    }

    @Test
    void aJobSurvivesThatItsDatabaseIsStoppedForAWhile() throws Exception {
        Path data = folder.resolve("postgresql");
        int port = FunctionProcess.freePort();
        EmbeddedPostgres database = postgres(data, port);
        try (HttpClient client = HttpClient.newHttpClient();
                FunctionProcess serve = FunctionProcess.serve(
                                FunctionProcess.freePort(),
                                folder,
                                "quarkus.datasource.postgresql.jdbc.url=" + database.getJdbcUrl("postgres", "postgres"),
                                "quarkus.datasource.postgresql.username=postgres")
                        .awaitReady(client)) {
            URI job = createThousand(serve.address());
            await(job, progress -> progress.path("done").intValue() > 0);
            database.close();
            HttpResponse<String> refused = send(HttpRequest.newBuilder(job));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(post(serve.address().resolve("/v1/score"), "application/json", "{\"content\":\"Rye\"}")
                            .statusCode())
                    .isEqualTo(200);
            database = postgres(data, port);

            assertAllScored(serve.address(), job);
            URI written = create(
                    serve.address(),
                    "?task=content&drafts=2&maxNewTokens=20",
                    "text/csv",
                    "id,company,caption\nw1,Oven & Co,a loaf of bread\nw2,,\n");
            await(written, progress -> progress.path("state").asText().equals("done"));
            assertThat(send(HttpRequest.newBuilder(URI.create(written + "/results"))
                                    .header("Accept", "text/csv"))
                            .body())
                    .startsWith("place,id,draft,text,error\n1,w1,1,")
                    .contains("\n2,,,,\"line 3: company: is missing");
        } finally {
            database.close();
        }
    }

    private static EmbeddedPostgres postgres(Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }
}
