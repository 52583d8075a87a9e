package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.plaudit.events.EventType;
import dev.plaudit.events.SimulationJson;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the broker is answered when it brings the end of a post. */
@QuarkusTest
class EndRouteTest {
    private static final String PROBLEM = "application/problem+json";
    private static final String STRUCTURED = "application/cloudevents+json";

    private static String scored(int likes) {
        return SimulationJson.write(JobResourceTest.scored("p", likes));
    }

    private static ValidatableResponse binary(String type, String subject, String document) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-source", "/test")
                .header("ce-type", type)
                .header("ce-subject", subject)
                .body(document)
                .post("/")
                .then();
    }

    private static ValidatableResponse structured(String subject, String data) {
        return given().contentType(STRUCTURED)
                .body(
                        "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/test\",\"type\":\"%s\",\"subject\":\"%s\",%s}"
                                .formatted(EventType.SCORED, subject, data))
                .post("/")
                .then();
    }

    private static String results(UUID job) {
        return given().accept("text/csv").get("/v1/jobs/" + job + "/results").asString();
    }

    @Test
    void anEndInEitherContentModeIsAResultOfTheJob() {
        UUID job = JobResourceTest.create(4);

        binary(EventType.SCORED, job + "/1", scored(11)).statusCode(204);
        binary(
                        EventType.FAILED,
                        "%s%%2F2".formatted(job),
                        "{\"task\":\"behavior\",\"post\":{},\"problem\":{\"status\":400}}")
                .statusCode(204);
        structured(job + "/3", "\"data\":" + scored(33)).statusCode(204);
        String base64 = Base64.getEncoder().encodeToString(scored(44).getBytes(StandardCharsets.UTF_8));
        structured(job + "/4", "\"data_base64\":\"" + base64 + "\"").statusCode(204);

        JobResourceTest.job(job).body("state", is("done")).body("done", is(3)).body("failed", is(1));
    }

    @Test
    void anEndThatIsToldAgainOrOfNoJobChangesNothing() {
        UUID job = JobResourceTest.create(2);
        binary(EventType.SCORED, job + "/2", scored(22)).statusCode(204);
        String before = results(job);

        for (String subject : new String[] {job + "/2", job + "/3", UUID.randomUUID() + "/1", "other", "0/0"}) {
            binary(EventType.SCORED, subject, scored(99)).statusCode(204);
        }

        JobResourceTest.job(job).body("state", is("running")).body("done", is(1));
        assertThat(results(job)).isEqualTo(before);
    }

    @Test
    void fieldsOfANewerDocumentAreIgnored() {
        UUID job = JobResourceTest.create(1);

        binary(EventType.SCORED, job + "/1", scored(11).replaceFirst("\\{", "{\"mood\":{\"new\":true},"))
                .statusCode(204);

        JobResourceTest.job(job).body("state", is("done"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "{\"post\":7}"})
    void anEndWithoutADocumentIsRefusedForGood(String document) {
        binary(EventType.SCORED, "other", document).statusCode(400).contentType(PROBLEM);
    }

    @Test
    void anEventOfAnotherTypeIsRefusedForGood() {
        binary(EventType.PROMPTED, "other", scored(1))
                .statusCode(400)
                .contentType(PROBLEM)
                .body("field", is("type"));
    }

    @Test
    void whatIsNoEventIsRefusedForGood() {
        given().contentType("application/json")
                .body("{}")
                .post("/")
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("detail", containsString("is missing"));
        given().contentType("application/cloudevents-batch+json")
                .body("[]")
                .post("/")
                .then()
                .statusCode(415)
                .contentType(PROBLEM);
    }
}
