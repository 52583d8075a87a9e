package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Step;
import dev.plaudit.events.Usage;
import dev.plaudit.gateway.JudgedPost;
import dev.plaudit.gateway.ScoredPost;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The functions as they are deployed: a process each, events over HTTP between them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FunctionsIT {
    @TempDir
    static Path logs;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<FunctionProcess> STEPS = new ArrayList<>();
    private static int classifyPort;
    private static FunctionProcess classify;
    private static FunctionProcess gateway;

    @BeforeAll
    static void startAll() throws Exception {
        classifyPort = FunctionProcess.freePort();
        FunctionProcess caption = start("caption", FunctionProcess.freePort());
        FunctionProcess prompt = start("prompt", FunctionProcess.freePort());
        FunctionProcess regress = start("regress", FunctionProcess.freePort());
        FunctionProcess generate = start("generate", FunctionProcess.freePort());
        classify = start("classify", classifyPort);
        gateway = start(
                "gateway",
                FunctionProcess.freePort(),
                "plaudit.gateway.functions.caption=" + caption.address(),
                "plaudit.gateway.functions.prompt=" + prompt.address(),
                "plaudit.gateway.functions.classify=" + classify.address(),
                "plaudit.gateway.functions.regress=" + regress.address(),
                "plaudit.gateway.functions.generate=" + generate.address());
        for (FunctionProcess step : STEPS) {
            step.awaitReady(CLIENT);
        }
    }

    private static FunctionProcess start(String function, int port, String... settings) throws IOException {
        FunctionProcess process = FunctionProcess.start(function, port, logs, settings);
        STEPS.add(process);
        return process;
    }

    @AfterAll
    static void endAll() {
        STEPS.forEach(FunctionProcess::close);
        CLIENT.close();
    }

    private static HttpResponse<String> score(Object body) throws Exception {
        return post("/v1/score", "application/json", body);
    }

    private static HttpResponse<String> post(String path, String accept, Object body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(gateway.address().resolve(path))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(SimulationJson.write(body)))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @Order(1)
    void theAnswersAreThoseOfOneProcess() throws Exception {
        System.setProperty("plaudit.home", System.getProperty("plaudit.root"));
        List<Post> posts = new ArrayList<>(Posts.of(100));
        posts.add(Posts.withPicture());

        HttpResponse<String> response = score(posts);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<ScoredPost> scored =
                SimulationJson.readList(response.body().getBytes(StandardCharsets.UTF_8), ScoredPost.class);
        try (LocalPipeline pipeline = LocalPipeline.toScore(true)) {
            List<Simulation> local = pipeline.score(posts, Options.DEFAULT);
            assertThat(scored).hasSameSizeAs(local);
            for (int i = 0; i < local.size(); i++) {
                assertThat(scored.get(i).id()).isEqualTo(posts.get(i).id());
                assertThat(scored.get(i).sights()).isEqualTo(local.get(i).sights());
                Engagements.assertSame(scored.get(i).engagement(), local.get(i).engagement());
            }
        }
    }

    @Test
    @Order(1)
    void aLevelIsTheOneOfOneProcessAndIsExplained() throws Exception {
        System.setProperty("plaudit.home", System.getProperty("plaudit.root"));
        Post post = Posts.of(1).getFirst();

        JudgedPost judged =
                SimulationJson.read(post("/v1/level", "application/json", post).body(), JudgedPost.class);

        try (LocalPipeline pipeline = LocalPipeline.toJudge(false)) {
            JudgedPost local = pipeline.judge(post);
            assertThat(judged.problem()).isNull();
            assertThat(judged.judgement().text()).isEqualTo(local.judgement().text());
            assertThat(judged.judgement().level()).isEqualTo(local.judgement().level());
            assertThat(judged.explanation()).isEqualTo(local.explanation());
        }
        assertThat(judged.usage())
                .extracting(Usage::function)
                .containsExactly(Step.PROMPT, Step.GENERATE, Step.PROMPT, Step.CLASSIFY, Step.REGRESS);
    }

    @Test
    @Order(1)
    void draftsAreToldWhileTheWritersFunctionWritesThem() throws Exception {
        HttpResponse<String> stream = post(
                "/v1/generate",
                "text/event-stream",
                Map.of("post", Posts.of(1).getFirst(), "writing", Map.of("drafts", 2, "maxNewTokens", 20)));

        assertThat(stream.statusCode()).isEqualTo(200);
        List<ServerSentEvent> events = ServerSentEvent.all(stream.body());
        List<ServerSentEvent> ends = events.subList(events.size() - 3, events.size());
        assertThat(events.subList(0, events.size() - 3))
                .hasSizeGreaterThan(10)
                .extracting(ServerSentEvent::name)
                .containsOnly("token");
        assertThat(ends).extracting(ServerSentEvent::name).containsExactly("draft", "draft", "post");
        assertThat(ends.getLast().data().get("drafts").findValuesAsText("text"))
                .containsExactlyInAnyOrderElementsOf(ServerSentEvent.said(events, 2));
        assertThat(ends.getLast().data().at("/usage/1/function").asText()).isEqualTo("generate");
    }

    @Test
    @Order(2)
    void aStepThatIsGoneIsNamedAndTheChainRecoversWithIt() throws Exception {
        classify.kill();

        HttpResponse<String> response = score(Posts.of(1).getFirst());

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(response.body()).contains("the step classify cannot be reached");

        classify = start("classify", classifyPort).awaitReady(CLIENT);
        assertThat(score(Posts.of(1).getFirst()).statusCode()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void aDamagedModelStopsTheStartWithOneClearSentence() throws Exception {
        Path model = Files.createDirectory(logs.resolve("model"));

        FunctionProcess damaged = start("classify", FunctionProcess.freePort(), "plaudit.classify.model=" + model);

        assertThat(damaged.awaitEnd()).isNotZero();
        assertThat(damaged.log()).contains(model.resolve("config.json") + " is missing or no valid JSON");
    }

    @Test
    @Order(4)
    void everyFunctionEndsInOrderWhenAskedTo() throws Exception {
        STEPS.removeIf(step -> !step.isAlive());
        for (FunctionProcess step : STEPS) {
            assertThat(step.terminate()).as(step.address().toString()).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(STEPS).hasSize(6);
    }
}
