package dev.plaudit.prompt;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.plaudit.events.EventType;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The function as a broker meets it: CloudEvents over HTTP. */
@QuarkusTest
class PromptFunctionTest {
    private static final String DOCUMENT = """
            {"task":"behavior","post":{"id":"p1","content":"Fresh bread &amp; coffee <hyperlink>","company":"Oven & Co",
             "username":"ovenandco","date":"2026-03-06T08:30","media":[{"kind":"photo","caption":"a loaf of bread"}],
             "account":{"typicalLikes":240}}}""";

    private static RequestSpecification binary(String type) {
        return binary(type, "behavior");
    }

    private static RequestSpecification binary(String type, String task) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", type)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", task)
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    private static ValidatableResponse prompted(String type) {
        return binary(type).body(DOCUMENT).post("/").then();
    }

    @ParameterizedTest
    @ValueSource(strings = {EventType.SUBMITTED, EventType.CAPTIONED, EventType.READ})
    void answersBinaryEventsOfEveryTypeThatTheRouteSendsIt(String type) {
        prompted(type)
                .statusCode(200)
                .header("ce-type", EventType.PROMPTED)
                .body("prompt.text", containsString("Text: Fresh bread & coffee\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {EventType.SUBMITTED, EventType.CAPTIONED})
    void asksForALevelWhereThatIsTheTask(String type) {
        binary(type, "level")
                .body(DOCUMENT.replace("\"behavior\"", "\"level\""))
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", EventType.PROMPTED)
                .header("ce-task", "level")
                .body("prompt.text", endsWith("Text: 'Fresh bread & coffee' Predict the like level (low/medium/high):"))
                .body("prompt.parts.last().name", is("content"));
    }

    @Test
    void carriesSubjectAndExtensionsOnUnderAFreshIdAndSource() {
        prompted(EventType.SUBMITTED)
                .header("ce-id", not(equalTo("e1")))
                .header("ce-id", not(emptyOrNullString()))
                .header("ce-source", "/plaudit/prompt")
                .header("ce-subject", "s1")
                .header("ce-task", "behavior")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("ce-time", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    @Test
    void answersStructuredEvents() {
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion":"1.0","id":"e1","type":"%s","source":"/test","subject":"s1","task":"behavior",
                         "media":"none","datacontenttype":"application/json","data":%s}""".formatted(EventType.SUBMITTED, DOCUMENT))
                .post("/")
                .then()
                .statusCode(200)
                .contentType("application/cloudevents+json")
                .body("type", is(EventType.PROMPTED))
                .body("subject", is("s1"))
                .body("task", is("behavior"))
                .body("data.prompt.text", containsString("Company: Oven & Co\n"))
                .body("data.usage[0].function", is("prompt"));
    }

    @Test
    void keepsWhatTheCallerSaidAndAccountsForItself() {
        prompted(EventType.SUBMITTED)
                .body("post.content", is("Fresh bread &amp; coffee <hyperlink>"))
                .body("usage[0].function", is("prompt"))
                .body("usage[0].device", is("cpu"));
    }

    @Test
    void refusesAnEventThatNeverCanBeAnsweredWithTheFieldsName() {
        binary(EventType.SUBMITTED)
                .body("{\"task\":\"behavior\",\"post\":{\"content\":\"x\",\"account\":{\"followers\":-3}}}")
                .post("/")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", is("post.account.followers"))
                .body("detail", containsString("must not be negative"));
    }

    @Test
    void refusesADocumentOfAnotherTaskThanTheEvents() {
        binary(EventType.SUBMITTED, "content")
                .body(DOCUMENT)
                .post("/")
                .then()
                .statusCode(400)
                .body("detail", is("task: must be behavior, as the document's is, was 'content'"));
    }

    @ParameterizedTest
    @CsvSource({"GET, 404", "PUT, 405", "DELETE, 405", "OPTIONS, 405"})
    void saysThatEventsAreBroughtByPost(String method, int status) {
        given().request(method, "/")
                .then()
                .statusCode(status)
                .header("Allow", "POST")
                .contentType("application/problem+json")
                .body("status", is(status))
                .body("detail", endsWith("events are brought by POST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "{\"task\":\"dance\",\"post\":{}}", "{\"task\":\"behavior\"}"})
    void refusesABodyThatIsNoDocument(String body) {
        binary(EventType.SUBMITTED).body(body).post("/").then().statusCode(400);
    }

    @Test
    void ignoresFieldsOfANewerDocument() {
        binary(EventType.SUBMITTED)
                .body("{\"task\":\"behavior\",\"mood\":1,\"post\":{\"content\":\"hello\",\"colour\":{\"a\":[]}}}")
                .post("/")
                .then()
                .statusCode(200);
    }
}
