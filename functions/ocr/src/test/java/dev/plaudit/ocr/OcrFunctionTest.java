package dev.plaudit.ocr;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The function as a broker meets it: CloudEvents over HTTP, with PP-OCRv4 itself. */
@QuarkusTest
class OcrFunctionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Media photo(BufferedImage picture) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return new Media(
                MediaKind.PHOTO,
                "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray()),
                null,
                null);
    }

    private static Media flyer() throws IOException {
        return photo(new Drawing(500, 200, Color.WHITE).text("Open today", 60, 60, 120, Color.BLUE).picture);
    }

    private static String document(List<Media> media, Sight... sights) {
        Post post = new Post("p1", null, "ovenandco", "Oven & Co", null, media, null);
        return SimulationJson.write(new Simulation(
                Task.CONTENT, post, Options.DEFAULT, List.of(sights), null, null, null, null, null, null, null));
    }

    private static RequestSpecification binary() {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.CAPTIONED)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", "content")
                .header("ce-media", "some")
                .header("ce-partitionkey", "s1")
                .header("ce-traceparent", TRACE);
    }

    @Test
    void readsTheTextOfEachMedium() throws IOException {
        Media blank = photo(new Drawing(100, 100, Color.ORANGE).picture);
        String document = document(
                List.of(flyer(), blank, Media.described("a loaf of bread")),
                new Sight("a white flyer", null, null),
                new Sight("an orange picture", null, null),
                new Sight("a loaf of bread", null, null));
        binary().body(document)
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", equalTo(EventType.READ))
                .header("ce-subject", equalTo("s1"))
                .header("ce-task", equalTo("content"))
                .header("ce-traceparent", startsWith(TRACE.substring(0, 35)))
                .body("sights[0].caption", is("a white flyer"))
                .body("sights[0].text", contains("Open today"))
                .body("sights[1].text", empty())
                .body("sights[2].text", nullValue())
                .body("usage[0].function", is("ocr"))
                .body("usage[0].millis", greaterThan(0f));
    }

    @Test
    void answersAStructuredEventAsWell() throws IOException {
        String document = document(List.of(flyer()), new Sight("a flyer", null, null));
        given().contentType("application/cloudevents+json")
                .body("""
                        {"specversion": "1.0", "id": "e1", "type": "%s", "source": "/test", "subject": "s1",
                         "task": "content", "media": "some", "partitionkey": "s1",
                         "datacontenttype": "application/json", "data": %s}""".formatted(EventType.CAPTIONED, document))
                .post("/")
                .then()
                .statusCode(200)
                .body("type", is(EventType.READ))
                .body("subject", is("s1"))
                .body("data.sights[0].text", contains("Open today"));
    }

    @Test
    void aMediumThatCannotBeHadBearsNoTextAndSaysWhy() {
        List<Media> media = Stream.of("http://127.0.0.1:9/a.png", "file:///etc/passwd")
                .map(url -> new Media(MediaKind.PHOTO, url, null, null))
                .toList();
        String document =
                document(media, new Sight("black", null, null), new Sight("black", null, "the host answered with 404"));
        binary().body(document)
                .post("/")
                .then()
                .statusCode(200)
                .body("sights[0].text", empty())
                .body("sights[0].unavailable", is("the host may not be reached"))
                .body("sights[1].text", empty())
                .body("sights[1].unavailable", is("the host answered with 404"));
    }

    @Test
    void aDocumentWhoseSightsDoNotMatchItsMediaFails() throws IOException {
        binary().body(document(List.of(flyer())))
                .post("/")
                .then()
                .statusCode(200)
                .header("ce-type", equalTo(EventType.FAILED))
                .body("problem.field", is("sights"));
    }

    @Test
    void anEventThatIsNoDocumentIsRefused() {
        binary().body("{\"task\": \"content\"")
                .post("/")
                .then()
                .statusCode(400)
                .contentType(containsString("application/problem+json"));
    }

    @Test
    void isReadyWithItsModels() {
        given().get("/q/health/ready").then().statusCode(200);
    }
}
