package dev.plaudit.caption;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.awt.Color;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The function as a broker meets it: CloudEvents over HTTP, with the captioner that ships. */
@QuarkusTest
class CaptionFunctionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Pattern CAPTIONED = Pattern.compile("plaudit_batch_size_sum\\{step=\"caption\"} ([0-9.E]+)");

    private static String document(Task task, Media... media) {
        Post post = new Post("p1", null, "ovenandco", "Oven & Co", null, List.of(media), null);
        return SimulationJson.write(
                new Simulation(task, post, Options.DEFAULT, null, null, null, null, null, null, null, null));
    }

    private static RequestSpecification binary() {
        return binary(Task.BEHAVIOR);
    }

    private static RequestSpecification binary(Task task) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.SUBMITTED)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", task.value())
                .header("ce-media", "some")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", TRACE);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatEachMediumShows(Task task) {
        String document = document(
                task,
                Drawing.disc(Color.RED, Color.WHITE),
                Media.described("a loaf of bread"),
                new Media(
                        MediaKind.GIF,
                        null,
                        Drawing.disc(Color.BLUE, Color.YELLOW).url(),
                        null));
        binary(task)
                .body(document)
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", equalTo(EventType.CAPTIONED))
                .header("ce-source", equalTo("/plaudit/caption"))
                .header("ce-subject", equalTo("s1"))
                .header("ce-task", equalTo(task.value()))
                .header("ce-traceparent", startsWith(TRACE.substring(0, 35)))
                .header("ce-id", not(equalTo("e1")))
                .body("sights", hasSize(3))
                .body("sights[0].caption", containsString("red"))
                .body("sights[0].text", nullValue())
                .body("sights[0].unavailable", nullValue())
                .body("sights[1].caption", is("a loaf of bread"))
                .body("sights[2].caption", containsString("blue"))
                .body("post.media", hasSize(3))
                .body("usage[0].function", is("caption"))
                .body("usage[0].device", is("cpu"))
                .body("usage[0].millis", greaterThan(0f));
    }

    @Test
    void answersAStructuredEventAsWell() {
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion": "1.0", "id": "e1", "type": "%s", "source": "/test", "subject": "s1",
                         "task": "behavior", "media": "some", "partitionkey": "s1",
                         "datacontenttype": "application/json", "data": %s}""".formatted(EventType.SUBMITTED, document(Task.BEHAVIOR, Drawing.disc(Color.RED, Color.WHITE))))
                .post("/")
                .then()
                .statusCode(200)
                .body("type", is(EventType.CAPTIONED))
                .body("subject", is("s1"))
                .body("data.sights[0].caption", containsString("red"));
    }

    @Test
    void aMediumThatCannotBeHadIsABlackPictureAndSaysWhy() {
        String document = document(
                Task.BEHAVIOR,
                Media.photo("http://127.0.0.1:9/a.png"),
                Media.photo("file:///etc/passwd"),
                new Media(MediaKind.VIDEO, null, null, null),
                Drawing.disc(Color.RED, Color.WHITE));
        binary().body(document)
                .post("/")
                .then()
                .statusCode(200)
                .body("sights[0].caption", containsString("black"))
                .body("sights[0].unavailable", is("the host may not be reached"))
                .body("sights[1].unavailable", is("only http, https and data addresses are fetched"))
                .body("sights[2].caption", nullValue())
                .body("sights[2].unavailable", is("it has no address"))
                .body("sights[3].caption", containsString("red"))
                .body("sights[3].unavailable", nullValue());
    }

    @Test
    void aPictureThatComesAgainIsNotCaptionedAgain() throws Exception {
        Media picture = Drawing.disc(Color.MAGENTA, Color.GREEN);
        Media other = Drawing.disc(Color.GREEN, Color.MAGENTA);
        double before = captioned();
        try (ExecutorService posts = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = Stream.generate(() -> document(Task.BEHAVIOR, picture, other, picture))
                    .limit(20)
                    .<Callable<String>>map(document -> () -> binary().body(document)
                            .post("/")
                            .then()
                            .statusCode(200)
                            .extract()
                            .path("sights[0].caption"))
                    .toList();
            assertThat(posts.invokeAll(calls).stream().map(Future::resultNow).distinct())
                    .hasSize(1);
        }
        assertThat(captioned() - before).isEqualTo(2);
    }

    private static double captioned() {
        String metrics = given().get("/q/metrics").asString();
        return CAPTIONED
                .matcher(metrics)
                .results()
                .map(MatchResult::group)
                .map(line -> line.substring(line.lastIndexOf(' ')))
                .mapToDouble(Double::parseDouble)
                .sum();
    }

    @Test
    void anEventThatIsNoDocumentIsRefused() {
        binary().body("{\"task\": \"behavior\"")
                .post("/")
                .then()
                .statusCode(400)
                .contentType(containsString("application/problem+json"));
    }

    @Test
    void isReadyWithItsModelAndSaysWhereItRuns() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'caption' }.data.device", is("cpu"))
                .body("checks.find { it.name == 'caption' }.data.model", matchesRegex(".*caption"));
    }
}
