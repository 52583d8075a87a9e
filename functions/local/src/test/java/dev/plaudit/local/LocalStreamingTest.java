package dev.plaudit.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posts told while they are written, and callers who hang up, over real connections. */
@QuarkusTest
class LocalStreamingTest {
    private static final String POST = "{\"company\": \"Oven & Co\", \"username\": \"ovenandco\"}";

    /** So bold that no draft ends before its time. */
    private static final String LONG =
            "{\"post\": " + POST + ", \"writing\": {\"drafts\": 16, \"temperature\": 10, \"maxNewTokens\": 150}}";

    @TestHTTPResource("/v1/generate")
    URI generate;

    @Inject
    MeterRegistry metrics;

    private List<ServerSentEvent> events(String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(generate)
                            .header("Content-Type", "application/json")
                            .header("Accept", "text/event-stream")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            return ServerSentEvent.all(response.body());
        }
    }

    @Test
    void theTokensOfADraftAreItsText() throws Exception {
        List<ServerSentEvent> events =
                events("{\"post\": " + POST + ", \"writing\": {\"drafts\": 2, \"maxNewTokens\": 30}}");

        JsonNode post = events.getLast().data();
        assertThat(events.getLast().name()).isEqualTo("post");
        assertThat(events).filteredOn(event -> event.name().equals("token")).hasSizeGreaterThan(20);
        assertThat(post.at("/usage/1/function").asText()).isEqualTo("generate");
        assertThat(post.get("drafts").findValuesAsText("text"))
                .containsExactlyInAnyOrderElementsOf(Set.copyOf(ServerSentEvent.said(events, 2)));
        assertThat(events)
                .filteredOn(event -> event.name().equals("draft"))
                .extracting(ServerSentEvent::data)
                .containsExactlyElementsOf(post.get("drafts"));
    }

    @Test
    void whatGoesWrongOnTheWayIsAnEvent() throws Exception {
        List<ServerSentEvent> events = events("{\"post\": {\"company\": \"" + "面包".repeat(100) + "\", \"username\": \""
                + "面包".repeat(100) + "\", \"media\": [{\"kind\": \"photo\", \"caption\": \"" + "面包".repeat(200)
                + "\"}]}}");

        assertThat(events).extracting(ServerSentEvent::name).containsExactly("error");
        assertThat(events.getFirst().data().get("status").asInt()).isEqualTo(400);
        assertThat(events.getFirst().data().get("detail").asText()).contains("leaves no room");
    }

    @Test
    void aWrongValueIsRefusedBeforeAnythingIsTold() {
        given().contentType("application/json")
                .accept("text/event-stream")
                .body("{\"post\": {}}")
                .post("/v1/generate")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", is("company"));
    }

    @Test
    void whoAsksForNothingInParticularGetsJson() {
        given().contentType("application/json")
                .accept("*/*")
                .body("{\"post\": " + POST + ", \"writing\": {\"maxNewTokens\": 3}}")
                .post("/v1/generate")
                .then()
                .statusCode(200)
                .contentType("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/json"})
    void whoHangsUpFreesTheWriter(String accept) throws Exception {
        long all = finished();
        long abandoned = finished("outcome", "abandoned");
        byte[] body = LONG.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(generate.getHost(), generate.getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/generate HTTP/1.1\r\nHost: plaudit\r\nContent-Type: application/json\r\nAccept: "
                                    + accept + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            if (accept.equals("text/event-stream")) {
                awaitToken(socket);
            }
            awaitRows(16);
        }

        awaitRows(0);
        await(() -> finished() == all + 1);
        assertThat(finished("outcome", "abandoned")).isEqualTo(abandoned + 1);
    }

    private static void awaitToken(Socket socket) throws IOException {
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = answer.readLine(); !line.startsWith("event:token"); line = answer.readLine()) {
            assertThat(line).isNotNull();
        }
    }

    /** Waits until the writer writes so many texts at once. */
    private void awaitRows(int rows) {
        await(() -> metrics.get("plaudit.generate.rows").gauge().value() == rows);
    }

    private static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Steps of the writer that have come to an end. */
    private long finished(String... tags) {
        return metrics.find("plaudit.step").tags("step", "generate").tags(tags).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
