package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.plaudit.events.EventType;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.jobs.JobStore;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs whose posts travel by a broker that is reached over HTTP. */
@QuarkusTest
@WithTestResource(SinkDispatcherTest.Broker.class)
class SinkDispatcherTest {
    private static final BlockingQueue<Headers> EVENTS = new LinkedBlockingQueue<>();
    private static final Queue<Integer> REFUSALS = new ConcurrentLinkedQueue<>();

    @Inject
    JobStore store;

    /** Takes events, but for those that a test has it refuse first. */
    public static final class Broker implements QuarkusTestResourceLifecycleManager {
        private HttpServer server;

        @Override
        public Map<String, String> start() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                Integer refusal = REFUSALS.poll();
                if (refusal == null) {
                    EVENTS.add(exchange.getRequestHeaders());
                }
                exchange.sendResponseHeaders(refusal == null ? 202 : refusal, -1);
                exchange.close();
            });
            server.start();
            return Map.of(
                    "plaudit.gateway.sink",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    "plaudit.gateway.jobs.resubmit-after",
                    "100ms",
                    "quarkus.http.limits.max-body-size",
                    "1200K");
        }

        @Override
        public void stop() {
            server.stop(0);
        }
    }

    /** The database is the next application's as well. */
    @AfterEach
    void nothingIsLeft() {
        store.list(null, 100).forEach(job -> store.cancel(job.id()));
    }

    private static Headers next() throws InterruptedException {
        Headers event = EVENTS.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event at the broker").isNotNull();
        return event;
    }

    @Test
    void thePostsOfAJobGoToTheBrokerAndTheirEndsComeBack() throws Exception {
        UUID job = JobResourceTest.create(3);
        Set<String> subjects = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            Headers event = next();
            assertThat(event.getFirst("ce-type")).isEqualTo(EventType.SUBMITTED);
            assertThat(event.getFirst("ce-task")).isEqualTo("behavior");
            assertThat(event.getFirst("ce-media")).isEqualTo("none");
            assertThat(event.getFirst("ce-partitionkey")).isEqualTo(event.getFirst("ce-subject"));
            subjects.add(event.getFirst("ce-subject"));
        }
        assertThat(subjects).containsExactly(job + "/1", job + "/2", job + "/3");

        for (String subject : subjects) {
            given().contentType("application/json")
                    .header("ce-specversion", "1.0")
                    .header("ce-id", "e1")
                    .header("ce-source", "/test")
                    .header("ce-type", EventType.SCORED)
                    .header("ce-subject", subject)
                    .body(SimulationJson.write(JobResourceTest.scored("p", 7)))
                    .post("/")
                    .then()
                    .statusCode(204);
        }
        JobResourceTest.job(job).body("state", is("done")).body("done", is(3));
    }

    @Test
    void aPostThatTheBrokerDoesNotTakeIsSentAgain() throws Exception {
        REFUSALS.add(503);
        UUID job = JobResourceTest.create(1);

        assertThat(next().getFirst("ce-subject")).isEqualTo(job + "/1");
    }

    /** Functions and the dead letters alike would refuse it with 413, and nobody would tell. */
    @Test
    void aPostThatFunctionsDoNotTakeFails() throws Exception {
        String picture = "data:image/png;base64," + "A".repeat(300_000);
        String post = "{\"media\": [{\"kind\": \"photo\", \"caption\": \"bread\", \"url\": \"" + picture + "\"}]}";
        UUID job = JobResourceTest.created(
                JobResourceTest.file("application/jsonl", post).post("/v1/jobs").then());

        assertThat(EVENTS.poll(3, TimeUnit.SECONDS))
                .as("an event at the broker")
                .isNull();
        JobResourceTest.job(job).body("state", is("done")).body("failed", is(1));
    }

    @Test
    void aPostThatIsTooLargeForTheBrokerFails() {
        REFUSALS.add(413);
        UUID job = JobResourceTest.create(1);

        given().get("/v1/jobs/" + job + "/events").then().body(containsString("\"state\":\"done\""));
        given().get("/v1/jobs/" + job + "/results").then().body(containsString("\"status\":413"));
        assertThat(EVENTS).isEmpty();
    }

    @Test
    void aPostThatTheBrokerTookIsNotSentAgain() throws Exception {
        UUID job = JobResourceTest.create(1);

        assertThat(next().getFirst("ce-subject")).isEqualTo(job + "/1");
        assertThat(EVENTS.poll(3, TimeUnit.SECONDS)).as("an event sent again").isNull();
    }
}
