package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over HTTP, whatever the database. No function stands behind the gateway: the tests tell it what became of posts. */
abstract class JobResourceTest {
    static final String CSV = "text/csv";
    private static final String PROBLEM = "application/problem+json";
    private static final String THREE = "id,text\np1,Fresh bread\np2,🎉\np3,\"Rye,\nalso fresh\"\n";

    @Inject
    JobStore store;

    @TestHTTPResource
    URI url;

    /** The database in memory is the next application's as well. */
    @AfterEach
    void nothingIsLeft() {
        store.list(null, 100).forEach(job -> store.cancel(job.id()));
    }

    static RequestSpecification file(String type, String body) {
        return file(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static RequestSpecification file(String type, byte[] body) {
        return given().contentType(type).body(body);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    /** The id of a new job. */
    static UUID created(ValidatableResponse response) {
        String id = response.statusCode(202).extract().path("id");
        response.header("Location", is("/v1/jobs/" + id));
        return UUID.fromString(id);
    }

    static UUID create(int posts) {
        String rows = IntStream.rangeClosed(1, posts)
                .mapToObj(i -> "p" + i + ",Fresh bread number " + i + "\n")
                .collect(Collectors.joining());
        return created(file(CSV, "id,text\n" + rows).post("/v1/jobs").then());
    }

    static ValidatableResponse job(UUID id) {
        return given().get("/v1/jobs/" + id).then();
    }

    /** A post that was scored, as the last step would answer it. */
    static Simulation scored(String id, int likes) {
        return Simulation.behavior(new Post(id, "Fresh bread", null, null, null, null, null), Options.DEFAULT)
                .withEngagement(new Engagement(
                        LikeBucket.ofLikes(likes), List.of(), likes, likes / 2, likes * 2, LikeLevel.LOW, null));
    }

    void finish(UUID id, int place) {
        store.complete(new Subject(id, place), scored("p" + place, 100 + place));
    }

    private static String results(UUID id, String accept) {
        return given().accept(accept)
                .get("/v1/jobs/" + id + "/results")
                .then()
                .statusCode(200)
                .contentType(startsWith(accept))
                .extract()
                .asString();
    }

    @Test
    void aFileOfPostsIsAJobWhoseResultsComeInItsOrder() {
        UUID id = created(file(CSV, THREE).post("/v1/jobs").then());
        job(id).statusCode(200)
                .body("state", is("running"))
                .body("task", is("behavior"))
                .body("total", is(3))
                .body("failed", is(1))
                .body("remaining", is(2));
        finish(id, 3);
        finish(id, 1);

        job(id).body("state", is("done"))
                .body("done", is(2))
                .body("failed", is(1))
                .body("remaining", is(0));
        assertThat(results(id, "application/jsonl").lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("{\"place\":1,\"id\":\"p1\",\"engagement\":{\"bucket\":3,"),
                        line -> assertThat(line)
                                .contains("\"detail\":\"line 3: content: must contain", "\"field\":\"content\""),
                        line -> assertThat(line).startsWith("{\"place\":3,\"id\":\"p3\""));
        assertThat(results(id, CSV).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("place,id,predicted_likes,predicted_low,predicted_high,predicted_bucket,"
                                        + "predicted_level,seen,error"),
                        line -> assertThat(line).isEqualTo("1,p1,101,50,202,3,low,,"),
                        line -> assertThat(line).startsWith("2,,,,,,,,line 3: content: must contain a letter"),
                        line -> assertThat(line).isEqualTo("3,p3,103,51,206,3,low,,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "text/csv;q=0.5, application/jsonl"})
    void resultsAreJsonLinesUnlessCsvIsPreferred(String accept) {
        given().accept(accept)
                .get("/v1/jobs/" + create(1) + "/results")
                .then()
                .statusCode(200)
                .contentType(startsWith("application/jsonl"));
    }

    @Test
    void jsonLinesAndGzipAreReadToo() throws IOException {
        byte[] packed = gzip("{\"content\":\"a\"}\n\n{\"content\":\"b\"}\nnonsense\n".getBytes(StandardCharsets.UTF_8));
        UUID id = created(file("application/gzip", packed).post("/v1/jobs").then());
        job(id).body("total", is(3)).body("failed", is(1));

        file("application/jsonl", Arrays.copyOf(packed, 9))
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("detail", containsString("gzip that is damaged or cut short"));
        file("application/gzip", gzip(packed))
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("detail", containsString("gzip within gzip"));
    }

    @Test
    void aFileOfNoStatedTypeIsWhatItHolds() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/jobs"))
                .POST(HttpRequest.BodyPublishers.ofString(THREE))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()))
                    .returns(202, HttpResponse::statusCode)
                    .extracting(HttpResponse::body, as(STRING))
                    .contains("\"total\":3");
        }
    }

    @Test
    void whatNobodySaysOfAPostIsForAContentJobToWrite() {
        String companies = "id,company\np1,Oven & Co\np2,\n";
        UUID id = created(file(CSV, companies)
                .post("/v1/jobs?task=content&drafts=4&wishedLikes=300")
                .then());

        job(id).body("task", is("content")).body("total", is(2)).body("failed", is(1));
        file(CSV, companies)
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("detail", containsString("No column of body can be scored"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task=guess               | task        | must be behavior or content, was 'guess'",
                "task=content&drafts=many | drafts      | must be a number, was 'many'",
                "explain=yes              | explain     | must be true or false, was 'yes'",
                "drafts=99                | writing.drafts | must be 1 to 16, was 99",
                "wishedLikes=-1           | wishedLikes | must not be negative",
                "webhook=ftp://a.b        | webhook     | must be an http or https address",
                "webhook=http://a.b:65536 | webhook     | must be an http or https address",
                "webhook=http://u:p@a.b   | webhook     | must be an http or https address"
            })
    void aWrongParameterIsRefusedByItsName(String query, String field, String rule) {
        file(CSV, THREE)
                .post("/v1/jobs?" + query)
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("field", is(field))
                .body("detail", containsString(rule));
    }

    @Test
    void aWebhooksAddressIsNotLongerThanIsKept() {
        file(CSV, THREE)
                .queryParam("webhook", "http://a.b/" + "c".repeat(2048))
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("field", is("webhook"));
    }

    @Test
    void whatIsNoFileOfPostsIsRefused() {
        file(CSV, "").post("/v1/jobs").then().statusCode(400).body("detail", containsString("is empty"));
        file(CSV, "text\n").post("/v1/jobs").then().statusCode(400).body("detail", containsString("1 to 2000 posts"));
        file(CSV, "text\n" + "a\n".repeat(2001))
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("detail", containsString("1 to 2000 posts, were more"));
        file("application/jsonl", "[{}]")
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("detail", containsString("is a JSON array"));
        file("application/json", "{}").post("/v1/jobs").then().statusCode(415).contentType(PROBLEM);
        file(CSV, "text\n" + "a".repeat(3 << 20))
                .post("/v1/jobs")
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("detail", containsString("at most 2097152 bytes"));
    }

    @Test
    void aJobThatIsNotThereIsNotFound() {
        String missing = "/v1/jobs/" + UUID.randomUUID();
        for (String path : List.of(missing, missing + "/results", missing + "/events", "/v1/jobs/me")) {
            given().get(path).then().statusCode(404).contentType(PROBLEM);
        }
        given().delete(missing).then().statusCode(404).contentType(PROBLEM);
    }

    @Test
    void aJobCanBeWatchedToItsEnd() throws Exception {
        UUID id = create(2);
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/jobs/" + id + "/events"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            List<String> seen = response.body()
                    .filter(line -> line.startsWith("data:"))
                    .peek(line -> finish(id, line.contains("\"done\":0") ? 1 : 2))
                    .toList();

            assertThat(seen).hasSize(3);
            assertThat(seen.getLast()).contains("\"state\":\"done\"").contains("\"done\":2");
        }
    }

    @Test
    void aJobThatIsCalledOffKeepsWhatItHas() {
        UUID id = create(3);
        finish(id, 2);
        given().delete("/v1/jobs/" + id).then().statusCode(200).body("state", is("cancelled"));
        finish(id, 1);

        job(id).body("state", is("cancelled")).body("done", is(1)).body("remaining", is(0));
        assertThat(results(id, CSV).lines()).hasSize(2);
        given().delete("/v1/jobs/" + id).then().statusCode(200).body("state", is("cancelled"));
    }

    @Test
    void resultsCanBeHadByPages() {
        UUID id = create(1200);
        IntStream.rangeClosed(1, 1200).parallel().forEach(place -> finish(id, place));
        assertThat(results(id, "application/jsonl").lines()).hasSize(1200);

        String next = given().accept(CSV)
                .get("/v1/jobs/" + id + "/results?after=100&limit=600")
                .then()
                .statusCode(200)
                .header("Link", "</v1/jobs/" + id + "/results?after=700&limit=600>; rel=\"next\"")
                .extract()
                .asString();
        assertThat(next.lines()).hasSize(601);
        given().get("/v1/jobs/" + id + "/results?after=700&limit=600").then().header("Link", nullValue());
        given().get("/v1/jobs/" + id + "/results?after=x")
                .then()
                .statusCode(400)
                .body("field", is("after"));
    }

    @Test
    void theNewestJobsAreListedFirst() {
        UUID older = create(1);
        UUID newer = create(1);

        given().get("/v1/jobs?limit=1").then().statusCode(200).body("id", is(List.of(newer.toString())));
        given().get("/v1/jobs?limit=1&before=" + newer).then().body("id", is(List.of(older.toString())));
        given().get("/v1/jobs?limit=0").then().statusCode(400).body("field", is("limit"));
        given().get("/v1/jobs?before=me").then().statusCode(400).body("field", is("before"));
    }

    @Test
    void whoWouldRatherNotWaitGetsAJob() {
        UUID scores = created(given().contentType("application/json")
                .header("Prefer", ";, wait=10, respond-async")
                .body("[{\"content\":\"Fresh bread\"},{\"content\":\"Rye\"}]")
                .post("/v1/score")
                .then()
                .header("Preference-Applied", "respond-async"));
        job(scores).body("task", is("behavior")).body("total", is(2));
        UUID posts = created(given().contentType("application/json")
                .header("Prefer", "respond-async")
                .body("{\"post\":{\"company\":\"Oven & Co\"}}")
                .post("/v1/generate")
                .then()
                .header("Preference-Applied", "respond-async"));
        job(posts).body("task", is("content")).body("total", is(1));
    }

    @Test
    void theSameCallUnderTheSameKeyIsAnsweredTheSame() {
        String key = UUID.randomUUID().toString();
        UUID id = created(
                file(CSV, THREE).header("Idempotency-Key", key).post("/v1/jobs").then());
        UUID again = created(file(CSV, THREE)
                .header("Idempotency-Key", '"' + key + '"')
                .post("/v1/jobs")
                .then());
        assertThat(again).isEqualTo(id);

        file(CSV, "text\nanother\n")
                .header("Idempotency-Key", key)
                .post("/v1/jobs")
                .then()
                .statusCode(422)
                .contentType(PROBLEM)
                .body("detail", containsString(key));
        file(CSV, THREE)
                .header("Idempotency-Key", key)
                .post("/v1/jobs?explain=true")
                .then()
                .statusCode(422);
        file(CSV, THREE)
                .header("Idempotency-Key", "k".repeat(256))
                .post("/v1/jobs")
                .then()
                .statusCode(400)
                .body("field", is("Idempotency-Key"));
    }

    @Test
    void ofCallsUnderOneKeyAtOnceOneIsWorkedOn() throws Exception {
        String key = UUID.randomUUID().toString();
        Set<String> locations = ConcurrentHashMap.newKeySet();
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> calls = Collections.nCopies(16, () -> {
                var response = file(CSV, THREE).header("Idempotency-Key", key).post("/v1/jobs");
                if (response.statusCode() == 202) {
                    locations.add(response.header("Location"));
                }
                return response.statusCode();
            });
            for (var call : executor.invokeAll(calls)) {
                assertThat(call.get()).isIn(202, 409);
            }
        }
        assertThat(locations).hasSize(1);
    }

    @Test
    void aCallThatFailedMayBeMadeAgainUnderItsKey() {
        RequestSpecification call = given().contentType("application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body("{\"content\":\"Fresh bread\"}");
        call.post("/v1/score").then().statusCode(503);
        call.post("/v1/score").then().statusCode(503);

        UUID id =
                created(call.header("Prefer", "respond-async").post("/v1/score").then());
        assertThat(created(call.post("/v1/score").then())).isEqualTo(id);
        call.body("{\"content\":\"Rye\"}").post("/v1/score").then().statusCode(422);
    }

    @Test
    void aPostThatCanNeverSucceedIsAResultToo() {
        UUID id = create(1);
        store.complete(
                new Subject(id, 1), scored("=1+1", 5).withEngagement(null).withProblem(Problem.of(400, "No", "-no")));

        job(id).body("state", is("done")).body("failed", is(1));
        assertThat(results(id, CSV)).endsWith("\n1,'=1+1,,,,,,,'-no\n");
    }

    @Test
    void describesItself() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .body("paths.'/v1/jobs'.post.parameters.findAll { it.in == 'header' }", hasSize(2))
                .body("paths.'/v1/jobs'.post.responses.keySet()", hasItems("202", "409", "422", "503"))
                .body("paths.'/v1/jobs'.post.requestBody.content", hasKey("application/gzip"))
                .body("paths.'/v1/jobs/{id}/results'.get.responses.'200'.content", hasKey("text/csv"))
                .body("paths.'/v1/jobs/{id}/results'.get.responses.keySet()", hasItems("200", "404"));
        given().get("/q/metrics").then().body(containsString("plaudit_jobs_results_total"));
    }
}
