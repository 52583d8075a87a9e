package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.plaudit.events.EventType;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.PostgresServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Jobs over HTTP, kept in PostgreSQL. */
@QuarkusTest
@WithTestResource(PostgresServer.class)
class PostgresJobResourceTest extends JobResourceTest {
    PostgresServer server;

    @Test
    void withoutTheDatabaseJobsAreRefusedForAWhileAndNothingIsLost() {
        UUID id = create(2);
        finish(id, 1);
        server.stopServer();
        try {
            file(CSV, "text\nbread\n")
                    .post("/v1/jobs")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "5")
                    .contentType("application/problem+json")
                    .body("detail", containsString("the database of jobs cannot be reached"));
            job(id).statusCode(503);
            given().contentType("application/cloudevents+json")
                    .body(
                            "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/test\",\"type\":\"%s\",\"subject\":\"%s/2\",\"data\":%s}"
                                    .formatted(EventType.SCORED, id, SimulationJson.write(scored("p2", 7))))
                    .post("/")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1");
            assertThatThrownBy(() -> finish(id, 2)).isInstanceOf(DatabaseUnavailableException.class);
            given().get("/q/health/ready").then().statusCode(200);
        } finally {
            server.startServer();
        }

        job(id).statusCode(200).body("done", is(1));
        finish(id, 2);
        job(id).body("state", is("done"));
        assertThat(create(1)).isNotEqualTo(id);
    }
}
