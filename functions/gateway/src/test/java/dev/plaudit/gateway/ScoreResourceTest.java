package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway answers by itself: no function stands behind it here. */
@QuarkusTest
class ScoreResourceTest {
    private static final String PROBLEM = "application/problem+json";
    private static final String GOOD = "{\"content\":\"Fresh bread\"}";

    @TestHTTPResource
    URI url;

    private static ValidatableResponse score(String body) {
        return score(body.getBytes(StandardCharsets.UTF_8));
    }

    private static ValidatableResponse score(byte[] body) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/score")
                .then();
    }

    private static void assertRefused(ValidatableResponse response, String field, String rule) {
        response.statusCode(400)
                .contentType(PROBLEM)
                .body("type", is("https://plaudit.dev/problems/invalid-field"))
                .body("title", is("Invalid field"))
                .body("status", is(400))
                .body("field", is(field))
                .body("detail", containsString(rule))
                .body("detail", not(matchesPattern("(?s).*(\\bdev\\.|\\bjava\\.|\\bcom\\.|\\n).*")));
    }

    static Stream<Arguments> badPosts() {
        return Stream.of(
                Arguments.of("{}", "content", "there are no media: nothing to score"),
                Arguments.of("{\"content\":\" \\n\",\"media\":[]}", "content", "is missing"),
                Arguments.of("{\"content\":\"🎉🎉\"}", "content", "no model reads emoji alone"),
                Arguments.of("{\"content\":\"" + "a".repeat(1 << 20) + "\"}", "content", "must be at most 25000"),
                Arguments.of("{\"content\":\"a\\u0007b\"}", "content", "has U+0007 at 1"),
                Arguments.of("{\"content\":\"a\\ud800b\"}", "content", "lone surrogate U+D800 at 1"),
                Arguments.of("{\"content\":\"\\udc00\"}", "content", "lone surrogate U+DC00 at 0"),
                Arguments.of("{\"content\":7}", "content", ""),
                Arguments.of("{\"content\":\"a\",\"date\":\"yesterday\"}", "date", "was 'yesterday'"),
                Arguments.of("{\"content\":\"a\",\"date\":\"2026-02-30\"}", "date", "must be a date"),
                Arguments.of("{\"content\":\"a\",\"date\":\"1066-10-14\"}", "date", "1990 to 2100"),
                Arguments.of("{\"content\":\"a\",\"date\":5}", "date", "must be text"),
                Arguments.of("{\"media\":[{\"kind\":\"hologram\"}]}", "media[0].kind", "was 'hologram'"),
                Arguments.of("{\"media\":[{\"caption\":\"a cup\"}]}", "media[0].kind", "is missing"),
                Arguments.of("{\"media\":[null]}", "media[0]", "must not be null"),
                Arguments.of(
                        "{\"media\":[" + String.join(",", Collections.nCopies(50, "{\"kind\":\"photo\"}")) + "]}",
                        "media",
                        "must be at most 20, were 50"),
                Arguments.of("{\"media\":\"photo\"}", "media", ""),
                Arguments.of("{\"content\":\"a\",\"account\":{\"followers\":-3}}", "account.followers", "was -3"),
                Arguments.of("{\"content\":\"a\",\"account\":{\"followers\":1.5}}", "account.followers", ""),
                Arguments.of("{\"content\":\"a\",\"account\":{\"followers\":\"9\"}}", "account.followers", ""),
                Arguments.of("{\"content\":\"a\",\"account\":{\"followers\":1e99}}", "account.followers", ""),
                Arguments.of(
                        "{\"content\":\"a\",\"account\":{\"typicalLikes\":-1}}", "account.typicalLikes", "0 to 1e9"),
                Arguments.of(
                        "{\"content\":\"a\",\"account\":{\"history\":[1,-1]}}",
                        "account.history[1]",
                        "must be a number"),
                Arguments.of(
                        "{\"content\":\"a\",\"username\":\"" + "u".repeat(201) + "\"}", "username", "at most 200"));
    }

    @ParameterizedTest
    @MethodSource("badPosts")
    void aBadPostIsRefusedByTheNameOfItsField(String body, String field, String rule) {
        assertRefused(score(body), field, rule);
    }

    @ParameterizedTest
    @MethodSource("badPosts")
    void inAListTheFieldsPathSaysWhichPost(String body, String field, String rule) {
        String list = "[" + GOOD + "," + GOOD + "," + GOOD + "," + body + "]";

        assertRefused(score(list), "[3]." + field, rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "[", "null", "7", "\"a\"", "{\"content\":\"a\"} {}", "{\"content\":", "nonsense"})
    void aBodyThatIsNoPostIsRefused(String body) {
        score(body)
                .statusCode(400)
                .contentType(PROBLEM)
                .body("field", not(emptyOrNullString()))
                .body("detail", not(emptyOrNullString()));
    }

    @Test
    void aWrongParameterIsRefusedByItsName() {
        assertRefused(
                given().contentType("application/json")
                        .body(GOOD)
                        .post("/v1/score?explain=1")
                        .then(),
                "explain",
                "must be true or false, was '1'");
    }

    @Test
    void aTruncatedBodySaysWhere() {
        assertRefused(score("{\"content\":\"Fresh bread\",\n \"media\":[{"), "media[0]", "(line 2, column ");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        assertRefused(score(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}), "$", "UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {2000, 200_000})
    void deepNestingIsRefused(int depth) {
        String nested = "[".repeat(depth) + "]".repeat(depth);
        for (String body : new String[] {nested, "{\"content\":\"a\",\"mood\":" + nested + "}"}) {
            score(body).statusCode(400).contentType(PROBLEM).body("detail", not(emptyOrNullString()));
        }
    }

    @Test
    void aListIsNeitherEmptyNorTooLongNorHasHoles() {
        assertRefused(score("[]"), "$", "must hold 1 to 1000 posts, was 0");
        assertRefused(
                score("[" + String.join(",", Collections.nCopies(1001, GOOD)) + "]"),
                "$",
                "must hold 1 to 1000 posts, was 1001");
        assertRefused(score("[" + GOOD + ",null]"), "[1]", "must not be null");
    }

    @Test
    void aBodyBeyondTheLimitIsTooLarge() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/score"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[50 << 20]))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
            assertThat(response.body())
                    .endsWith("\"status\":413,\"detail\":\"the body must be at most 10485760 bytes, was 52428800\"}");
        }
    }

    @Test
    void anotherContentTypeMethodOrPathIsAProblemToo() {
        given().contentType("text/plain")
                .body(GOOD)
                .post("/v1/score")
                .then()
                .statusCode(415)
                .contentType(PROBLEM)
                .body("status", is(415));
        given().get("/v1/score").then().statusCode(405).contentType(PROBLEM).body("status", is(405));
        given().get("/v1/nothing").then().statusCode(404).contentType(PROBLEM).body("status", is(404));
        given().get("/nothing").then().statusCode(404).contentType(PROBLEM).body("status", is(404));
        given().contentType("application/json")
                .accept("text/html")
                .body(GOOD)
                .post("/v1/score")
                .then()
                .statusCode(406)
                .contentType(PROBLEM);
    }

    @Test
    void aMethodThatIsNotAllowedIsAnsweredWithThoseThatAre() {
        Map<String, Map<String, ?>> paths = given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .extract()
                .path("paths");
        paths.forEach((path, operations) -> {
            Set<String> methods = new TreeSet<>();
            operations.keySet().forEach(method -> methods.add(method.toUpperCase(Locale.ROOT)));
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            given().patch(path.replace("{id}", UUID.randomUUID().toString()))
                    .then()
                    .statusCode(405)
                    .contentType(PROBLEM)
                    .header("Allow", String.join(", ", methods));
        });
    }

    @Test
    void aStepWithoutAnAddressIsNamedAndMayBeTriedAgain() {
        for (String body : new String[] {GOOD, "[" + GOOD + "]"}) {
            score(body)
                    .statusCode(503)
                    .contentType(PROBLEM)
                    .header("Retry-After", "1")
                    .body("title", is("Step unavailable"))
                    .body("detail", is("the step prompt has no address: set plaudit.gateway.functions.prompt"))
                    .body("field", nullValue());
        }
    }

    @Test
    void describesItself() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths", hasKey("/v1/score"))
                .body("paths.'/v1/score'.post.responses", hasKey("400"))
                .body("paths.'/v1/score'.post.requestBody.content.'application/json'.examples", hasKey("one post"))
                .body("components.schemas", hasKey("Post"))
                .body("components.schemas", hasKey("ScoredPost"))
                .body("components.schemas.EarlierPost.oneOf.type", contains("integer", "object"))
                .body("components.schemas.PostDate", not(hasKey("format")))
                .body("components.schemas.LikeBucket.type", is("integer"))
                .body("components.schemas.MediaKind.enum", contains("photo", "video", "gif"));
    }

    @Test
    void isHealthyAndMeasuresItself() {
        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/health/live").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }
}
