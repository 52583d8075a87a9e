package dev.plaudit.classify;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plaudit.events.Classification;
import dev.plaudit.events.EventType;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function as a broker meets it: CloudEvents over HTTP, with the model that ships. */
@QuarkusTest
class ClassifyFunctionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String LIKES = "Typical likes: 270\n";
    private static final String TEXT = "Text: Fresh bread & coffee\n";
    private static final Prompt PROMPT = new Prompt(
            LIKES + TEXT,
            List.of(
                    new Prompt.Part("typical_likes", 0, LIKES.length()),
                    new Prompt.Part("content", LIKES.length(), LIKES.length() + TEXT.length())));

    private static String document(Prompt prompt, boolean explain) {
        Post post = new Post("p1", "Fresh bread & coffee", null, null, null, null, null);
        return SimulationJson.write(
                Simulation.behavior(post, new Options(explain)).withPrompt(prompt));
    }

    private static String document(String prompt) {
        return document(new Prompt(prompt, List.of()), false);
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

    private static ValidatableResponse classified(String document) {
        return binary("behavior").body(document).post("/").then();
    }

    private static Classification classification(String document) {
        String body = classified(document).statusCode(200).extract().asString();
        return SimulationJson.read(body, Simulation.class).classification();
    }

    @Test
    void answersBinaryEventsAndCarriesSubjectAndExtensionsOn() {
        classified(document(PROMPT, false))
                .statusCode(200)
                .header("ce-type", EventType.CLASSIFIED)
                .header("ce-id", not(equalTo("e1")))
                .header("ce-id", not(emptyOrNullString()))
                .header("ce-source", "/plaudit/classify")
                .header("ce-subject", "s1")
                .header("ce-task", "behavior")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", startsWith(TRACE.substring(0, 35)))
                .header("ce-time", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"))
                .body("post.id", is("p1"))
                .body("prompt.text", is(PROMPT.text()))
                .body("usage.function", contains("classify"))
                .body("usage[0].device", is("cpu"));
    }

    @Test
    void answersStructuredEvents() {
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion":"1.0","id":"e1","type":"%s","source":"/test","subject":"s1","task":"behavior",
                         "datacontenttype":"application/json","data":%s}""".formatted(EventType.PROMPTED, document(PROMPT, false)))
                .post("/")
                .then()
                .statusCode(200)
                .contentType("application/cloudevents+json")
                .body("type", is(EventType.CLASSIFIED))
                .body("subject", is("s1"))
                .body("task", is("behavior"))
                .body("data.classification.probabilities", hasSize(LikeBucket.COUNT));
    }

    @Test
    void theProbabilitiesSumToOneAndTheGreatestNamesTheBucketAndTheLevel() {
        Classification classification = classification(document(PROMPT, false));

        assertThat(classification.probabilities().stream().mapToDouble(p -> p).sum())
                .isCloseTo(1, within(1e-6));
        assertThat(classification.probabilities().get(classification.bucket().ordinal()))
                .isEqualTo(classification.probabilities().stream()
                        .max(Double::compare)
                        .orElseThrow());
        assertThat(classification.level()).isEqualTo(classification.bucket().level());
        assertThat(classification.omissions()).isEmpty();
    }

    @Test
    void theAnswerIsTheModels() throws IOException {
        Path folder = Path.of(System.getProperty("plaudit.root"), "models/pretrained/bucket");
        int dim = new ObjectMapper()
                .readTree(folder.resolve("config.json").toFile())
                .get("dim")
                .intValue();
        Classification classification = classification(document(PROMPT, false));

        assertThat(classification.embedding().values()).hasSize(dim);
        try (TextClassifier alone = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            TextClass expected = alone.classify(List.of(PROMPT.text())).getFirst();
            assertClose(classification.probabilities(), widened(expected.probabilities()));
            assertThat(classification.embedding().values()).containsExactly(expected.embedding(), within(1e-3f));
        }
    }

    private static List<Double> widened(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> (double) values[i])
                .toList();
    }

    private static void assertClose(List<Double> actual, List<Double> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4));
        }
    }

    @Test
    void explainingLeavesOutOnePartAtATime() {
        Classification explained = classification(document(PROMPT, true));

        assertThat(explained.omissions())
                .extracting(Classification.Omission::part)
                .containsExactly("typical_likes", "content");
        assertClose(
                explained.omissions().get(0).probabilities(),
                classification(document(TEXT)).probabilities());
        assertClose(
                explained.omissions().get(1).probabilities(),
                classification(document(LIKES)).probabilities());
        assertClose(
                explained.probabilities(),
                classification(document(PROMPT, false)).probabilities());
    }

    @Test
    void typicalLikesMoveTheBucket() {
        assertThat(classification(document("Typical likes: 1\n")).bucket()).isEqualTo(LikeBucket.UP_TO_10);
        assertThat(classification(document("Typical likes: 10000\n")).bucket()).isEqualTo(LikeBucket.OVER_2500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "🎉🎉", "نفتح أبوابنا مجانا", "\u0000"})
    void anyPromptHasAnAnswer(String prompt) {
        assertThat(classification(document(prompt)).probabilities()).hasSize(LikeBucket.COUNT);
    }

    @Test
    void aPromptLongerThanTheModelReadsIsCut() {
        assertThat(classification(document("bread ".repeat(20_000))).probabilities())
                .hasSize(LikeBucket.COUNT);
    }

    @Test
    void sixtyFourCallersAtATimeGetTheAnswersThatEachGetsAlone() throws Exception {
        List<String> documents = IntStream.range(0, 64)
                .mapToObj(i -> document("Typical likes: " + i * i * i + "\nText: " + "bread ".repeat(i) + "\n"))
                .toList();
        List<Classification> together = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Classification>> answers = new ArrayList<>();
            for (String document : documents) {
                answers.add(callers.submit(() -> classification(document)));
            }
            for (Future<Classification> answer : answers) {
                together.add(answer.get());
            }
        }

        for (int i = 0; i < documents.size(); i++) {
            assertClose(
                    together.get(i).probabilities(),
                    classification(documents.get(i)).probabilities());
        }
    }

    @Test
    void anEventOfContentSimulationIsNotTaken() {
        binary("content").body(document(PROMPT, false)).post("/").then().statusCode(400);
    }

    @Test
    void aDocumentWithoutAPromptFailsForGood() {
        classified("{\"task\":\"behavior\",\"post\":{\"content\":\"x\"}}")
                .statusCode(200)
                .header("ce-type", EventType.FAILED)
                .header("ce-subject", "s1")
                .header("ce-source", "/plaudit/classify")
                .body("problem.status", is(400))
                .body("problem.field", is("prompt"))
                .body("problem.detail", is("prompt: is missing"))
                .body("classification", nullValue())
                .body("usage.function", contains("classify"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"task\":\"behavior\"}",
                "{\"task\":\"behavior\",\"post\":{},\"prompt\":{\"text\":\"a\",\"parts\":[{\"name\":\"b\",\"start\":0,\"end\":9}]}}"
            })
    void aBodyThatIsNoDocumentIsRefused(String body) {
        classified(body)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", not(emptyOrNullString()));
    }

    @Test
    void isReadyAndMeasuresItself() {
        classified(document(PROMPT, false)).statusCode(200);

        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("plaudit_step_seconds_count{device=\"cpu\",outcome=\"ok\",step=\"classify\"}"));
    }
}
