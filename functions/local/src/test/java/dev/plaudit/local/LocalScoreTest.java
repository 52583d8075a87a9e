package dev.plaudit.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Step;
import dev.plaudit.events.Usage;
import dev.plaudit.gateway.ScoredPost;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code plaudit serve}: every function behind the gateway, in one process. */
@QuarkusTest
class LocalScoreTest {
    private static String score(Object body, boolean explain) {
        return given().contentType("application/json")
                .queryParam("explain", explain)
                .body(SimulationJson.write(body))
                .post("/v1/score")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .asString();
    }

    private static List<ScoredPost> scoreAll(List<Post> posts) {
        return SimulationJson.readList(score(posts, false).getBytes(StandardCharsets.UTF_8), ScoredPost.class);
    }

    @Test
    void onePostIsAnsweredWithItsLikesAndWhatEachStepCost() {
        ScoredPost scored = SimulationJson.read(score(Posts.of(1).getFirst(), false), ScoredPost.class);

        assertThat(scored.id()).isEqualTo("p0");
        assertThat(scored.problem()).isNull();
        assertThat(scored.engagement().likes())
                .isBetween(scored.engagement().low(), scored.engagement().high());
        assertThat(scored.engagement().drivers()).isEmpty();
        assertThat(scored.usage())
                .extracting(Usage::function)
                .containsExactly(Step.PROMPT, Step.CLASSIFY, Step.REGRESS);
    }

    @Test
    void aListIsAnsweredInItsOrder() {
        List<ScoredPost> scored = scoreAll(Posts.of(100));

        assertThat(scored)
                .extracting(ScoredPost::id)
                .containsExactlyElementsOf(Posts.of(100).stream().map(Post::id).toList());
    }

    @Test
    void theAnswersAreThoseOfTheCommandLine() {
        List<Post> posts = Posts.of(100);
        List<ScoredPost> scored = scoreAll(posts);
        try (LocalPipeline pipeline = LocalPipeline.toScore(false)) {
            List<Simulation> simulations = pipeline.score(posts, Options.DEFAULT);
            for (int i = 0; i < posts.size(); i++) {
                Engagements.assertSame(
                        scored.get(i).engagement(), simulations.get(i).engagement());
            }
        }
    }

    @Test
    void explainingSaysWhatMovedThePrediction() {
        ScoredPost scored = SimulationJson.read(score(Posts.of(10).getLast(), true), ScoredPost.class);

        assertThat(scored.engagement().drivers())
                .isNotEmpty()
                .allMatch(driver -> driver.effect() > 0)
                .extracting(driver -> driver.name())
                .containsAnyOf("typical_likes", "low_likes+high_likes+earlier_posts");
    }

    @Test
    void oneBadPostRefusesTheListBeforeAnyWork() {
        given().contentType("application/json")
                .body("[{\"content\":\"Fresh bread\"},{\"content\":\"\uD83C\uDF89\"}]")
                .post("/v1/score")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", is("[1].content"));
    }

    @Test
    void textsThatAreHardToReadAreScoredAllTheSame() {
        for (String content :
                List.of("a&#xD800;b&#x110000;", "A\u200d\u0301", "x".repeat(25_000), "ａｂｃ \u202eabc", "{content}")) {
            Post post = new Post(null, content, null, null, null, null, null);
            assertThat(SimulationJson.read(score(post, true), ScoredPost.class).engagement())
                    .as(content)
                    .isNotNull();
        }
    }

    @Test
    void theStepsAreMeasured() {
        score(Posts.of(1).getFirst(), false);

        given().get("/q/metrics")
                .then()
                .body(containsString("plaudit_step_seconds_count{device=\"cpu\",outcome=\"ok\",step=\"classify\"}"));
    }

    @Test
    void aBodyBeyondTheLimitIsAProblem() {
        given().contentType("application/json")
                .body(new byte[11 << 20])
                .post("/v1/score")
                .then()
                .statusCode(413)
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({"score, application/json", "generate, application/json", "jobs, text/csv"})
    @Timeout(20)
    void anEmptyBodyIsRefusedAtOnce(String path, String type) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest empty = HttpRequest.newBuilder(
                            URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/" + path))
                    .header("Content-Type", type)
                    .POST(BodyPublishers.noBody())
                    .build();

            assertThat(client.send(empty, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(400);
        }
    }
}
