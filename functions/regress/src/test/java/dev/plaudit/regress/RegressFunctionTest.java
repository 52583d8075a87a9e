package dev.plaudit.regress;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.Account;
import dev.plaudit.events.Classification;
import dev.plaudit.events.Classification.Omission;
import dev.plaudit.events.Driver;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Embedding;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.EventType;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Media;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.trees.LikesModel;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The function as a broker meets it: CloudEvents over HTTP, with the model that ships. */
@QuarkusTest
class RegressFunctionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final int EMBEDDING_SIZE = embeddingSize();

    private static int embeddingSize() {
        try (LikesModel model =
                LikesModel.open(Path.of(System.getProperty("plaudit.root"), "models/pretrained/likes"))) {
            return model.embeddingSize();
        }
    }

    private static Post post(double typicalLikes) {
        return new Post(
                "p1",
                "Fresh bread #bakery",
                "ovenandco",
                "Oven & Co",
                LocalDateTime.of(2026, 3, 6, 8, 30),
                List.of(Media.described("a loaf of bread")),
                new Account(null, null, typicalLikes, EarlierPost.ofLikes(100, 200, 300)));
    }

    /** Probabilities that favour one bucket. */
    private static List<Double> favouring(LikeBucket bucket, double share) {
        return IntStream.range(0, LikeBucket.COUNT)
                .mapToObj(i -> i == bucket.ordinal() ? share : (1 - share) / (LikeBucket.COUNT - 1))
                .toList();
    }

    private static float[] embedding(int size, long seed) {
        Random random = new Random(seed);
        float[] embedding = new float[size];
        for (int i = 0; i < size; i++) {
            embedding[i] = (float) random.nextGaussian() / 4;
        }
        return embedding;
    }

    private static String document(Post post, boolean explain, Classification classification) {
        return SimulationJson.write(
                Simulation.behavior(post, new Options(explain)).withClassification(classification));
    }

    private static Classification classified(LikeBucket bucket, double share, Omission... omissions) {
        return new Classification(
                bucket,
                favouring(bucket, share),
                bucket.level(),
                Embedding.of(embedding(EMBEDDING_SIZE, bucket.ordinal())),
                List.of(omissions));
    }

    private static String document(LikeBucket bucket) {
        return document(post(240), false, classified(bucket, 0.94));
    }

    private static RequestSpecification binary() {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.CLASSIFIED)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", "behavior")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", TRACE);
    }

    private static ValidatableResponse scored(String document) {
        return binary().body(document).post("/").then();
    }

    private static Engagement engagement(String document) {
        String body = scored(document)
                .statusCode(200)
                .header("ce-type", EventType.SCORED)
                .extract()
                .asString();
        return SimulationJson.read(body, Simulation.class).engagement();
    }

    @Test
    void answersBinaryEventsAndCarriesSubjectAndExtensionsOn() {
        scored(document(LikeBucket.UP_TO_300))
                .statusCode(200)
                .header("ce-type", EventType.SCORED)
                .header("ce-id", not(equalTo("e1")))
                .header("ce-id", not(emptyOrNullString()))
                .header("ce-source", "/plaudit/regress")
                .header("ce-subject", "s1")
                .header("ce-task", "behavior")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", startsWith(TRACE.substring(0, 35)))
                .body("post.id", is("p1"))
                .body("classification.bucket", is(3))
                .body("usage.function", contains("regress"))
                .body("usage[0].device", is("cpu"));
    }

    @Test
    void answersStructuredEvents() {
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion":"1.0","id":"e1","type":"%s","source":"/test","subject":"s1","task":"behavior",
                         "datacontenttype":"application/json","data":%s}""".formatted(EventType.CLASSIFIED, document(LikeBucket.UP_TO_300)))
                .post("/")
                .then()
                .statusCode(200)
                .contentType("application/cloudevents+json")
                .body("type", is(EventType.SCORED))
                .body("subject", is("s1"))
                .body("task", is("behavior"))
                .body("data.engagement.likes", notNullValue());
    }

    @ParameterizedTest
    @EnumSource(LikeBucket.class)
    void theLikesLieInsideTheBucketAndTheInterval(LikeBucket bucket) {
        Engagement engagement = engagement(document(bucket));

        assertThat(engagement.bucket()).isEqualTo(bucket);
        assertThat(engagement.level()).isEqualTo(bucket.level());
        assertThat(engagement.likes()).isBetween(bucket.low(), bucket.high());
        assertThat(engagement.low()).isBetween(0, engagement.likes());
        assertThat(engagement.high()).isGreaterThanOrEqualTo(engagement.likes());
        assertThat(engagement.low()).isLessThan(engagement.high());
        assertThat(engagement.probabilities()).isEqualTo(favouring(bucket, 0.94));
    }

    @Test
    void aPostOfWhichNothingIsKnownHasAnAnswer() {
        Post bare = new Post(null, "Hello", null, null, null, null, null);

        assertThat(engagement(document(bare, true, classified(LikeBucket.UP_TO_100, 0.5)))
                        .likes())
                .isPositive();
    }

    @Test
    void explainingSortsTheDriversByTheirStrength() {
        Omission without = new Omission("typical_likes", favouring(LikeBucket.UP_TO_10, 0.9));
        Omission same = new Omission("media", favouring(LikeBucket.UP_TO_2500, 0.9));

        List<Driver> drivers = engagement(
                        document(post(2000), true, classified(LikeBucket.UP_TO_2500, 0.9, without, same)))
                .drivers();

        assertThat(drivers)
                .isSortedAccordingTo(
                        Comparator.comparingDouble((Driver driver) -> -Math.abs(Math.log(driver.effect()))));
        assertThat(drivers.getFirst().name()).isEqualTo("typical_likes");
        assertThat(drivers.getFirst().source()).isEqualTo(Driver.Source.PROMPT);
        assertThat(drivers.getFirst().effect()).isGreaterThan(10);
        assertThat(drivers).extracting(Driver::source).contains(Driver.Source.FEATURE);
        assertThat(drivers).extracting(Driver::name).doesNotContain("media");
        assertThat(drivers).allMatch(driver -> Math.abs(Math.log(driver.effect())) >= Math.log(1.01));
    }

    @Test
    void withoutBeingAskedThereAreNoDrivers() {
        Omission omission = new Omission("typical_likes", favouring(LikeBucket.UP_TO_10, 0.9));

        scored(document(post(2000), false, classified(LikeBucket.UP_TO_2500, 0.9, omission)))
                .statusCode(200)
                .body("engagement.drivers", empty());
    }

    @Test
    void sixtyFourCallersAtATimeGetTheAnswersThatEachGetsAlone() throws Exception {
        List<String> documents = IntStream.range(0, 64)
                .mapToObj(i -> document(
                        post(i * 40), true, classified(LikeBucket.values()[i % LikeBucket.COUNT], 0.3 + i / 100.0)))
                .toList();
        List<Engagement> together = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Engagement>> answers = new ArrayList<>();
            for (String document : documents) {
                answers.add(callers.submit(() -> engagement(document)));
            }
            for (Future<Engagement> answer : answers) {
                together.add(answer.get());
            }
        }

        for (int i = 0; i < documents.size(); i++) {
            assertThat(together.get(i)).isEqualTo(engagement(documents.get(i)));
        }
    }

    @Test
    void aDocumentWithoutAClassificationFailsForGood() {
        scored("{\"task\":\"behavior\",\"post\":{\"content\":\"x\"}}")
                .statusCode(200)
                .header("ce-type", EventType.FAILED)
                .header("ce-subject", "s1")
                .body("problem.status", is(400))
                .body("problem.field", is("classification"))
                .body("problem.detail", is("classification: is missing"))
                .body("engagement", nullValue());
    }

    @Test
    void anEmbeddingOfAnotherClassifierFailsForGood() {
        Classification other = new Classification(
                LikeBucket.UP_TO_10,
                favouring(LikeBucket.UP_TO_10, 0.9),
                LikeBucket.UP_TO_10.level(),
                Embedding.of(new float[EMBEDDING_SIZE + 1]),
                null);

        scored(document(post(1), false, other))
                .statusCode(200)
                .header("ce-type", EventType.FAILED)
                .body("problem.field", is("classification.embedding"))
                .body(
                        "problem.detail",
                        is(
                                "classification.embedding: must have %d values, has %d: the likes model was trained with another classifier"
                                        .formatted(EMBEDDING_SIZE, EMBEDDING_SIZE + 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"task\":\"behavior\"}",
                "{\"task\":\"behavior\",\"post\":{},\"classification\":{\"bucket\":8}}",
                "{\"task\":\"behavior\",\"post\":{},\"classification\":{\"bucket\":1,\"probabilities\":[1,2]}}"
            })
    void aBodyThatIsNoDocumentIsRefused(String body) {
        scored(body).statusCode(400).contentType("application/problem+json").body("detail", not(emptyOrNullString()));
    }

    /** Well-formed, but no classifier says so. */
    @Test
    void probabilitiesThatAreAllZeroFailForGood() {
        String document = document(LikeBucket.UP_TO_10)
                .replaceFirst("\"probabilities\":\\[[^]]*]", "\"probabilities\":[0,0,0,0,0,0,0]");

        scored(document).statusCode(400).body("field", is("classification.probabilities"));
    }

    @Test
    void isReadyAndMeasuresItself() {
        scored(document(LikeBucket.UP_TO_300)).statusCode(200);

        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("plaudit_step_seconds_count{device=\"cpu\",outcome=\"ok\",step=\"regress\"}"));
    }
}
