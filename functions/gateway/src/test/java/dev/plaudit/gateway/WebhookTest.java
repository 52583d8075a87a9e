package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plaudit.events.Problem;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a job is told to a real receiver, which believes only what is signed. */
@QuarkusTest
class WebhookTest {
    private static final byte[] SECRET = "plaudit's webhooks in tests".getBytes(StandardCharsets.UTF_8);
    private static final int PATIENCE_SECONDS = 60;

    private record Message(String id, Instant time, String signature, String type, byte[] body) {
        static Message of(HttpExchange exchange) throws IOException {
            var headers = exchange.getRequestHeaders();
            return new Message(
                    headers.getFirst("webhook-id"),
                    Instant.ofEpochSecond(Long.parseLong(headers.getFirst("webhook-timestamp"))),
                    headers.getFirst("webhook-signature"),
                    headers.getFirst("Content-Type"),
                    exchange.getRequestBody().readAllBytes());
        }

        /** As the specification of Standard Webhooks has a receiver do it. */
        boolean isGenuine() throws Exception {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            mac.update((id + "." + time.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return signature.equals("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
        }
    }

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private HttpServer receiver;

    @Inject
    JobStore store;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            messages.add(Message.of(exchange));
            Integer status = answers.poll();
            if (status != null && status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stopListening() {
        receiver.stop(0);
    }

    private String address(String host) {
        return "http://" + host + ":" + receiver.getAddress().getPort() + "/ended";
    }

    private static UUID create(String webhook) {
        return JobResourceTest.created(JobResourceTest.file("text/csv", "id,text\np1,Fresh bread\n")
                .queryParam("webhook", webhook)
                .post("/v1/jobs")
                .then());
    }

    private UUID ended(String webhook) {
        UUID id = create(webhook);
        store.complete(new Subject(id, 1), JobResourceTest.scored("p1", 7));
        return id;
    }

    private Message next() throws InterruptedException {
        Message message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    /** The webhook of a job, once it is no longer waiting. */
    private static JsonPath settled(UUID id) {
        Instant end = Instant.now().plusSeconds(PATIENCE_SECONDS);
        JsonPath job;
        do {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            job = given().get("/v1/jobs/" + id).then().extract().jsonPath();
        } while (job.getString("webhook.state").equals("waiting")
                && Instant.now().isBefore(end));
        return job;
    }

    @Test
    void theEndOfAJobIsToldByASignedEvent() throws Exception {
        UUID id = ended(address("localhost"));
        Message message = next();

        assertThat(message.isGenuine()).isTrue();
        assertThat(message.time()).isBetween(Instant.now().minusSeconds(PATIENCE_SECONDS), Instant.now());
        assertThat(message.id()).isEqualTo(id.toString());
        assertThat(message.type()).startsWith("application/cloudevents+json");
        JsonNode event = SimulationJson.MAPPER.readTree(message.body());
        assertThat(event.at("/specversion").textValue()).isEqualTo("1.0");
        assertThat(event.at("/type").textValue()).isEqualTo("dev.plaudit.job.ended");
        assertThat(event.at("/source").textValue()).isEqualTo("/plaudit/gateway");
        assertThat(event.at("/subject").textValue()).isEqualTo(id.toString());
        assertThat(event.at("/data/state").textValue()).isEqualTo("done");
        assertThat(event.at("/data/done").intValue()).isEqualTo(1);
        assertThat(settled(id).getString("webhook.state")).isEqualTo("delivered");
        assertThat(messages).isEmpty();
    }

    @Test
    void aCancellationIsAnEndToo() throws Exception {
        UUID id = create(address("localhost"));
        given().delete("/v1/jobs/" + id).then().statusCode(200);

        assertThat(SimulationJson.MAPPER
                        .readTree(next().body())
                        .at("/data/state")
                        .textValue())
                .isEqualTo("cancelled");
    }

    @Test
    void aReceiverThatStumblesIsCalledAgainWithTheSameMessage() throws Exception {
        answers.add(500);
        answers.add(302);
        UUID id = ended(address("localhost"));
        Message first = next();
        Message second = next();
        Message third = next();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(third.body()).isNotEmpty();
        assertThat(third.isGenuine()).isTrue();
        JsonPath job = settled(id);
        assertThat(job.getString("webhook.state")).isEqualTo("delivered");
        assertThat(job.getInt("webhook.attempts")).isEqualTo(3);
        assertThat(messages).isEmpty();
    }

    @Test
    void aReceiverThatNeverTakesItIsGivenUp() {
        answers.add(500);
        answers.add(500);
        answers.add(500);
        JsonPath job = settled(ended(address("localhost")));

        assertThat(job.getString("webhook.state")).isEqualTo("given-up");
        assertThat(messages).hasSize(3);
    }

    @Test
    void aReceiverThatIsGoneIsNotCalledAgain() {
        answers.add(410);
        JsonPath job = settled(ended(address("localhost")));

        assertThat(job.getString("webhook.state")).isEqualTo("given-up");
        assertThat(messages).hasSize(1);
    }

    @Test
    void anAddressThatIsNotPublicIsNeverCalled() {
        JsonPath job = settled(ended(address("127.0.0.1")));

        assertThat(job.getString("webhook.state")).isEqualTo("given-up");
        assertThat(job.getInt("webhook.attempts")).isEqualTo(1);
        assertThat(messages).isEmpty();
    }

    @Test
    void anAddressThatCannotBeCalledIsGivenUpLikeAnyOther() {
        UUID id = UUID.randomUUID();
        store.create(
                id,
                Task.BEHAVIOR,
                URI.create("http://localhost:65536/ended"),
                List.of(JobResourceTest.scored("p1", 7).withProblem(Problem.of(400, "No", "no")))
                        .iterator());
        JsonPath job = settled(id);

        assertThat(job.getString("webhook.state")).isEqualTo("given-up");
        assertThat(job.getInt("webhook.attempts")).isEqualTo(3);
    }

    @Test
    void aJobSaysWhomItWillTell() {
        UUID id = create(address("localhost"));
        given().get("/v1/jobs/" + id)
                .then()
                .body("webhook.url", is(address("localhost")))
                .body("webhook.state", is("waiting"))
                .body("webhook.attempts", is(0));
        given().delete("/v1/jobs/" + id);
    }
}
