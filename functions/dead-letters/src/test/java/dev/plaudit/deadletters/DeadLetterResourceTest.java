package dev.plaudit.deadletters;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.plaudit.events.EventType;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as a broker meets it, with a broker of HTTP behind it. */
@QuarkusTest
@QuarkusTestResource(TestBroker.class)
class DeadLetterResourceTest {
    private static final String DOCUMENT =
            "{\"task\":\"content\",\"post\":{\"id\":\"p1\",\"content\":\"Fresh bread\"},\"mood\":\"new\"}";

    @BeforeEach
    void emptyTheBroker() {
        TestBroker.reset(202);
    }

    private static RequestSpecification letter(String type, String code, String said) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", type)
                .header("ce-source", "/plaudit/prompt")
                .header("ce-subject", "s1")
                .header("ce-task", "content")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("ce-knativeerrordest", "http://generate.plaudit.svc.cluster.local")
                .header("ce-knativeerrorcode", code)
                .header("ce-knativeerrordata", base64(said));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Simulation sent() {
        return SimulationJson.read(TestBroker.body(), Simulation.class);
    }

    @Test
    void aLetterBecomesAFailedEventOfTheSameSimulation() {
        letter(EventType.PROMPTED, "503", "upstream timed out")
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(204);

        assertThat(TestBroker.header("ce-type")).isEqualTo(EventType.FAILED);
        assertThat(TestBroker.header("ce-specversion")).isEqualTo("1.0");
        assertThat(TestBroker.header("ce-source")).isEqualTo("/plaudit/dead-letters");
        assertThat(TestBroker.header("ce-subject")).isEqualTo("s1");
        assertThat(TestBroker.header("ce-task")).isEqualTo("content");
        assertThat(TestBroker.header("ce-partitionkey")).isEqualTo("s1");
        assertThat(TestBroker.header("ce-traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c");
        assertThat(TestBroker.header("ce-id")).isNotEqualTo("e1");
        assertThat(TestBroker.header("ce-time")).matches(Pattern.compile("\\d{4}-.*T\\d\\d:\\d\\d:\\d\\d.*Z"));
        assertThat(TestBroker.headerNames()).noneMatch(name -> name.startsWith("ce-knativeerror"));
        assertThat(sent().post().id()).isEqualTo("p1");
        assertThat(sent().problem().status()).isEqualTo(502);
        assertThat(sent().problem().detail())
                .contains(EventType.PROMPTED, "http://generate.plaudit.svc.cluster.local", "503");
    }

    @Test
    void whatTheStepSaidIsPassedOn() {
        Problem said =
                Problem.invalidField(new InvalidFieldException("post.account.followers", "must not be negative"));

        letter(EventType.SUBMITTED, "400", SimulationJson.write(said))
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(204);

        assertThat(sent().problem()).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":503,\"detail\":\"no room\"}", "{\"status\":400}", "null"})
    void whatAStepSaidOfItselfOrWithoutAReasonIsNotPassedOn(String said) {
        letter(EventType.SUBMITTED, "503", said).body(DOCUMENT).post("/").then().statusCode(204);

        assertThat(sent().problem().title()).isEqualTo("Step failed");
    }

    @Test
    void anAnswerThatKnativeCutOffIsNotPassedOn() {
        String cut =
                base64("{\"type\":\"about:blank\",\"title\":\"Refused\",\"stat").substring(0, 30);

        letter(EventType.SUBMITTED, "400", "")
                .header("ce-knativeerrordata", cut)
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(204);

        assertThat(sent().problem().title()).isEqualTo("Step failed");
    }

    @Test
    void aStructuredLetterIsTakenToo() {
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion":"1.0","id":"e1","type":"%s","source":"/test","subject":"s2","task":"behavior",
                         "datacontenttype":"application/json","data":%s}""".formatted(EventType.PROMPTED, DOCUMENT))
                .post("/")
                .then()
                .statusCode(204);

        assertThat(TestBroker.header("ce-subject")).isEqualTo("s2");
        assertThat(sent().post().id()).isEqualTo("p1");
    }

    @Test
    void aLetterWithoutAReadableDocumentStillEndsItsSimulation() {
        letter(EventType.PROMPTED, "400", "no JSON").body("{").post("/").then().statusCode(204);

        assertThat(TestBroker.header("ce-subject")).isEqualTo("s1");
        assertThat(sent().task()).isEqualTo(Task.CONTENT);
        assertThat(sent().problem()).isNotNull();
    }

    @Test
    void theTaskOfALetterWithoutAReadableDocumentIsItsAttribute() {
        letter(EventType.PROMPTED, "400", "no JSON")
                .header("ce-task", "level")
                .body("{")
                .post("/")
                .then()
                .statusCode(204);

        assertThat(sent().task()).isEqualTo(Task.LEVEL);
    }

    @Test
    void aHeaderThatIsNoAttributeKeepsNoLetter() {
        letter(EventType.PROMPTED, "503", "")
                .header("ce-my_attribute", "x")
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(204);

        assertThat(TestBroker.header("ce-type")).isEqualTo(EventType.FAILED);
    }

    @Test
    void newsOfAFailureThatNobodyTakesIsNotSentRoundAndRound() {
        letter(EventType.FAILED, "503", "").body(DOCUMENT).post("/").then().statusCode(204);

        assertThat(TestBroker.body()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 413, 500})
    void aBrokerThatTakesNothingMakesTheLetterComeBack(int status) {
        TestBroker.reset(status);

        letter(EventType.PROMPTED, "503", "")
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(503)
                .header("Retry-After", is("1"))
                .contentType("application/problem+json");
    }

    @Test
    void whatIsNoEventIsRefused() {
        given().contentType("application/json").body(DOCUMENT).post("/").then().statusCode(400);
    }
}
