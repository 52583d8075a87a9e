package dev.plaudit.generate;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.Account;
import dev.plaudit.events.EventType;
import dev.plaudit.events.Media;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import dev.plaudit.events.Writing;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.features.PromptTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.http.ConnectionClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The function as a broker meets it: CloudEvents over HTTP, with the writer that ships. */
@QuarkusTest
class GenerateFunctionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String PROMPT = """
            Write the post that this company publishes.
            Typical likes: 120
            Picture: a loaf of bread
            Company: Oven & Co
            Username: ovenandco
            Posted: 2026-03-06 08:30
            Post:
            """;

    @TestHTTPResource("/")
    URI url;

    @Inject
    MeterRegistry metrics;

    private static String document(String prompt, Writing writing) {
        Post post = new Post("p1", null, "ovenandco", "Oven & Co", null, List.of(), null);
        return SimulationJson.write(Simulation.content(post, new Options(false, null, writing))
                .withPrompt(prompt == null ? null : new Prompt(prompt, List.of())));
    }

    private static Writing drafts(int drafts, long seed) {
        return new Writing(drafts, seed, null, null, 30, null);
    }

    private static RequestSpecification binary() {
        return binary("content");
    }

    private static RequestSpecification binary(String task) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.PROMPTED)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", task)
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", TRACE);
    }

    private static String structured(String document) {
        return """
                {"specversion": "1.0", "id": "e1", "type": "%s", "source": "/test", "subject": "s1",
                 "task": "content", "media": "none", "partitionkey": "s1",
                 "datacontenttype": "application/json", "data": %s}""".formatted(EventType.PROMPTED, document);
    }

    private static ValidatableResponse generate(String prompt, Writing writing) {
        return binary().body(document(prompt, writing)).post("/").then().statusCode(200);
    }

    @Test
    void writesAPost() {
        generate(PROMPT, Writing.DEFAULT)
                .header("ce-type", equalTo(EventType.GENERATED))
                .header("ce-source", equalTo("/plaudit/generate"))
                .header("ce-subject", equalTo("s1"))
                .header("ce-task", equalTo("content"))
                .header("ce-traceparent", startsWith(TRACE.substring(0, 35)))
                .body("drafts", hasSize(1))
                .body("drafts[0].text.length()", greaterThan(3))
                .body("drafts[0].score", lessThan(0f))
                .body("prompt.text", is(PROMPT))
                .body("usage[0].function", is("generate"))
                .body("usage[0].device", is("cpu"));
    }

    @Test
    void answersAStructuredEventAsWell() {
        given().contentType("application/cloudevents+json")
                .body(structured(document(PROMPT, drafts(1, 0))))
                .post("/")
                .then()
                .statusCode(200)
                .body("type", is(EventType.GENERATED))
                .body("data.drafts", hasSize(1));
    }

    /** What is told, by the name of the event, in order. */
    private record Told(String name, JsonPath data) {
        static List<Told> in(ValidatableResponse answer) {
            String events = answer.statusCode(200)
                    .contentType(startsWith("text/event-stream"))
                    .extract()
                    .asString();
            return Arrays.stream(events.split("\n\n"))
                    .map(event -> event.split("\n"))
                    .map(lines -> new Told(lines[0].substring("event: ".length()), new JsonPath(lines[1].substring(5))))
                    .toList();
        }
    }

    @Test
    void draftsAreToldWhileTheyAreWritten() {
        List<Told> told = Told.in(binary().accept("text/event-stream")
                .body(document(PROMPT, drafts(2, 7)))
                .post("/")
                .then());

        List<String> texts = new ArrayList<>(List.of("", ""));
        told.subList(0, told.size() - 1).forEach(piece -> {
            assertThat(piece.name()).isEqualTo("token");
            texts.set(
                    piece.data().getInt("draft"),
                    texts.get(piece.data().getInt("draft")) + piece.data().getString("text"));
        });
        JsonPath event = told.getLast().data();
        List<String> written = event.getList("data.drafts.text");
        assertThat(told).hasSizeGreaterThan(20);
        assertThat(told.getLast().name()).isEqualTo("answer");
        assertThat(texts.stream().map(String::strip)).containsExactlyInAnyOrderElementsOf(written);
        assertThat(written).isEqualTo(generate(PROMPT, drafts(2, 7)).extract().path("drafts.text"));
        assertThat(event.getString("type")).isEqualTo(EventType.GENERATED);
        assertThat(event.getString("specversion")).isEqualTo("1.0");
        assertThat(event.getString("source")).isEqualTo("/plaudit/generate");
        assertThat(event.getString("subject")).isEqualTo("s1");
        assertThat(event.getString("task")).isEqualTo("content");
        assertThat(event.getString("partitionkey")).isEqualTo("s1");
        assertThat(event.getString("traceparent")).startsWith(TRACE.substring(0, 35));
        assertThat(event.getString("datacontenttype")).isEqualTo("application/json");
    }

    @Test
    void aStructuredEventIsToldAsWell() {
        List<Told> told = Told.in(given().contentType("application/cloudevents+json")
                .accept("text/event-stream, application/json;q=0.5")
                .body(structured(document(PROMPT, drafts(1, 0))))
                .post("/")
                .then());

        assertThat(told).hasSizeGreaterThan(5);
        assertThat(told.getLast().data().getList("data.drafts")).hasSize(1);
    }

    @Test
    void whatCanNeverBeWrittenIsAStreamOfTheAnswerOnly() {
        List<Told> told = Told.in(binary().accept("text/event-stream")
                .body(document(null, Writing.DEFAULT))
                .post("/")
                .then());

        assertThat(told).extracting(Told::name).containsExactly("answer");
        assertThat(told.getFirst().data().getString("type")).isEqualTo(EventType.FAILED);
        assertThat(told.getFirst().data().getString("data.problem.field")).isEqualTo("prompt");
    }

    @ParameterizedTest
    @CsvSource({"'', 400, $", "'{', 400, $", "'{\"post\": 1}', 400, post"})
    void whatIsNoDocumentIsRefusedBeforeAnythingIsTold(String body, int status, String field) {
        binary().accept("text/event-stream")
                .body(body)
                .post("/")
                .then()
                .statusCode(status)
                .contentType(containsString("application/problem+json"))
                .body("field", is(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void oddExtensionsDoNotKeepAPostFromBeingWritten(String accept) {
        binary().accept(accept)
                .header("ce-with-hyphens", "a")
                .header("ce-with_line", "b")
                .header("ce-name", "caf%C3%A9 %F0%9F%8E%89")
                .body(document(PROMPT, drafts(1, 0)))
                .post("/")
                .then()
                .statusCode(200);
    }

    @Test
    void dataThatIsNoJsonIsRefusedBeforeAnythingIsTold() {
        binary().accept("text/event-stream")
                .contentType("text/plain")
                .body("a loaf of bread")
                .post("/")
                .then()
                .statusCode(415);
    }

    /** Fails, where a header asks for it, after the beginning of an answer is sent. */
    @ApplicationScoped
    static class FailingHalfway {
        static final String HEADER = "fail-halfway";

        void register(@Observes Router router) {
            router.post("/").order(-2).handler(context -> {
                if (context.request().headers().contains(HEADER)) {
                    context.response().setChunked(true).write("event: token\n");
                    context.fail(new IllegalStateException("halfway"));
                } else {
                    context.next();
                }
            });
        }
    }

    @Test
    void anAnswerThatFailsHalfwayBreaksOff() throws Exception {
        assertThatThrownBy(() -> binary().header(FailingHalfway.HEADER, "yes")
                        .body(document(PROMPT, Writing.DEFAULT))
                        .post("/")
                        .asString())
                .isInstanceOf(ConnectionClosedException.class);

        await("no event in hand", () -> metrics.get("plaudit.in.flight").gauge().value() == 0);
        generate(PROMPT, drafts(1, 0)).body("drafts", hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({"*/*", "'application/json, text/event-stream;q=0.5'"})
    void whoDoesNotAskForAStreamFirstGetsOneAnswer(String accept) {
        binary().accept(accept)
                .body(document(PROMPT, drafts(1, 0)))
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", equalTo(EventType.GENERATED))
                .contentType(startsWith("application/json"));
    }

    @Test
    void severalDraftsDifferAndTheSameSeedGivesTheSame() {
        List<String> first = generate(PROMPT, drafts(4, 7)).extract().path("drafts.text");
        List<String> again = generate(PROMPT, drafts(4, 7)).extract().path("drafts.text");
        List<String> other = generate(PROMPT, drafts(4, 8)).extract().path("drafts.text");
        List<Float> scores = generate(PROMPT, drafts(4, 7)).extract().path("drafts.score");

        assertThat(first).hasSizeBetween(2, 4).doesNotHaveDuplicates().isEqualTo(again);
        assertThat(other).isNotEqualTo(first);
        assertThat(scores).isSortedAccordingTo((a, b) -> Float.compare(b, a));
    }

    @Test
    void requestsAtOnceSayWhatEachSaysAlone() throws Exception {
        List<String> alone = IntStream.range(0, 8)
                .mapToObj(seed -> generate(PROMPT, drafts(1, seed)).extract().<String>path("drafts[0].text"))
                .toList();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = IntStream.range(0, 8)
                    .<Callable<String>>mapToObj(seed ->
                            () -> generate(PROMPT, drafts(1, seed)).extract().path("drafts[0].text"))
                    .toList();
            assertThat(callers.invokeAll(calls).stream().map(Future::resultNow)).isEqualTo(alone);
        }
    }

    @Test
    void aDraftEndsAtAStopTextOrAfterSoManyTokens() {
        String free = generate(PROMPT, new Writing(1, 3L, 1.0, null, 40, null))
                .extract()
                .path("drafts[0].text");
        String word = free.substring(free.length() / 2).strip().split("\\s")[0];
        String stopped = generate(PROMPT, new Writing(1, 3L, 1.0, null, 40, List.of(word)))
                .extract()
                .path("drafts[0].text");
        String cut = generate(PROMPT, new Writing(1, 3L, 1.0, null, 3, null))
                .extract()
                .path("drafts[0].text");

        assertThat(stopped.length()).isLessThan(free.length());
        assertThat(free).startsWith(cut);
        assertThat(cut.length()).isLessThan(free.length());
    }

    @ParameterizedTest
    @CsvSource({
        "drafts, 0",
        "drafts, 17",
        "temperature, 0",
        "temperature, -1",
        "temperature, 11",
        "topP, 0",
        "topP, 1.5",
        "temperature, '\"NaN\"'",
        "temperature, 1e999",
        "maxNewTokens, 0",
        "maxNewTokens, 1000000"
    })
    void whatCannotBeIsRefusedByName(String field, String value) {
        String writing = document(PROMPT, Writing.DEFAULT)
                .replaceFirst("\"writing\":\\{[^}]*}", "\"writing\":{\"" + field + "\":" + value + "}");
        binary().body(writing)
                .post("/")
                .then()
                .statusCode(400)
                .contentType(containsString("application/problem+json"))
                .body("field", is("options.writing." + field));
    }

    @Test
    void aNumberThatIsNoneIsNoJson() {
        String writing = document(PROMPT, Writing.DEFAULT)
                .replaceFirst("\"writing\":\\{[^}]*}", "\"writing\":{\"temperature\":NaN}");
        binary().body(writing).post("/").then().statusCode(400).body("field", is("options.writing"));
    }

    @Test
    void aStopTextOfTenKilobytesIsRefused() {
        String writing = document(PROMPT, Writing.DEFAULT)
                .replaceFirst("\"writing\":\\{[^}]*}", "\"writing\":{\"stop\":[\"" + "x".repeat(10_000) + "\"]}");
        binary().body(writing).post("/").then().statusCode(400).body("field", is("options.writing.stop[0]"));
    }

    @Test
    void aPromptThatIsLongerThanTheModelFails() {
        generate("bread and ".repeat(2000), Writing.DEFAULT)
                .header("ce-type", equalTo(EventType.FAILED))
                .body("problem.detail", containsString("leaves no room"));
    }

    @Test
    void earlierPostsAndWhatPicturesShowAreCutWhereThePromptIsLongerThanTheModel() {
        Post post = new Post(
                "p1",
                null,
                "ovenandco",
                "Oven & Co",
                null,
                List.of(Media.described("面包很好吃".repeat(60))),
                Account.UNKNOWN.withPosts(List.of("Warm sourdough from six!", "面包很好吃".repeat(60))));
        Prompt prompt = PromptTemplate.standard(Task.CONTENT).write(post, List.of());

        binary().body(SimulationJson.write(
                        Simulation.content(post, Options.DEFAULT).withPrompt(prompt)))
                .post("/")
                .then()
                .header("ce-type", equalTo(EventType.GENERATED))
                .body("drafts[0].text", not(emptyOrNullString()));
    }

    private static ValidatableResponse judge(Post post) {
        Simulation asked = Simulation.level(post);
        return binary("level")
                .body(SimulationJson.write(asked.withPrompt(LevelPrompt.of(post, List.of()))))
                .post("/")
                .then()
                .statusCode(200);
    }

    private static Post post(String content, double typicalLikes) {
        Account account = new Account(null, null, typicalLikes, null);
        return new Post("p1", content, "ovenandco", "Oven & Co", null, List.of(), account);
    }

    @Test
    void tellsALevel() {
        List<Float> odds = judge(post("Warm sourdough from six!", 3))
                .header("ce-type", equalTo(EventType.JUDGED))
                .header("ce-source", equalTo("/plaudit/generate"))
                .header("ce-task", equalTo("level"))
                .body("judgement.level", is("low"))
                .body("judgement.text", is("low"))
                .body("drafts", nullValue())
                .body("usage[0].function", is("generate"))
                .extract()
                .path("judgement.probabilities");
        assertThat(odds).hasSize(3);
        assertThat(odds.get(0)).isGreaterThan(0.6f);
        assertThat(odds.get(0) + odds.get(1) + odds.get(2)).isCloseTo(1, within(1e-5f));
        judge(post("Warm sourdough from six!", 500)).body("judgement.level", is("medium"));
    }

    @Test
    void theTextIsCutWhereThePromptIsLongerThanTheModel() {
        judge(post("面包很好吃".repeat(60), 3))
                .header("ce-type", equalTo(EventType.JUDGED))
                .body("judgement.probabilities.size()", is(3))
                .body("prompt.text", containsString("面包很好吃".repeat(60)));
    }

    @Test
    void aPromptThatIsTooLongEvenWithoutItsTextFails() {
        judge(new Post(
                        "p1",
                        "Warm sourdough",
                        "面包".repeat(40),
                        "面包".repeat(40),
                        null,
                        List.of(Media.described("面包很好吃".repeat(40))),
                        null))
                .header("ce-type", equalTo(EventType.FAILED))
                .body("problem.field", is("prompt"))
                .body("problem.detail", containsString("must leave room for an answer"));
    }

    @Test
    void aLevelWithoutPromptFails() {
        binary("level")
                .body(SimulationJson.write(Simulation.level(post("Warm sourdough", 3))))
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", equalTo(EventType.FAILED))
                .body("problem.field", is("prompt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void aCallerWhoHangsUpFreesTheRows(String accept) throws Exception {
        long before = abandoned();
        byte[] body =
                document(PROMPT, new Writing(16, 0L, 10.0, null, 150, null)).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String head = "POST / HTTP/1.1\r\nHost: plaudit\r\nContent-Type: application/json\r\nAccept: " + accept
                    + "\r\nce-specversion: 1.0\r\n"
                    + "ce-id: e1\r\nce-type: " + EventType.PROMPTED
                    + "\r\nce-source: /test\r\nce-subject: s1\r\n"
                    + "ce-task: content\r\nContent-Length: " + body.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            if (accept.equals("text/event-stream")) {
                awaitPiece(socket);
            }
            await("rows", () -> rows() == 16);
        }

        await("no rows", () -> rows() == 0);
        await("an abandoned step", () -> abandoned() == before + 1);
    }

    private static void awaitPiece(Socket socket) throws IOException {
        BufferedReader told =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = told.readLine(); !line.equals("event: token"); line = told.readLine()) {
            assertThat(line).isNotNull();
        }
    }

    /** How many texts are written at once. */
    private double rows() {
        return metrics.get("plaudit.generate.rows").gauge().value();
    }

    /** How many callers hung up. */
    private long abandoned() {
        Timer timer = metrics.find("plaudit.step")
                .tags("step", "generate", "outcome", "abandoned")
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private static void await(String what, BooleanSupplier seen) throws InterruptedException {
        Instant patience = Instant.now().plusSeconds(60);
        while (!seen.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for %s", what).isBefore(patience);
            Thread.sleep(1);
        }
    }

    @Test
    void aDocumentWithoutPromptFails() {
        generate(null, Writing.DEFAULT)
                .header("ce-type", equalTo(EventType.FAILED))
                .body("problem.field", is("prompt"));
    }

    @Test
    void isReadyWithItsModelAndSaysWhereItRuns() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'generate' }.data.device", is("cpu"));
    }
}
