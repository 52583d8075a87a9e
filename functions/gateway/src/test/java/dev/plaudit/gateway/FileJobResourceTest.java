package dev.plaudit.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over HTTP, kept in H2. */
@QuarkusTest
class FileJobResourceTest extends JobResourceTest {
    @Inject
    @DataSource("file")
    AgroalDataSource source;

    private void damage(UUID id, int place) {
        Jdbi.create(source).useHandle(handle -> handle.createUpdate(
                        "update entry set document = 'damaged' where job = :id and place = :place")
                .bind("id", id)
                .bind("place", place)
                .execute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jsonl", CSV})
    void resultsThatBreakOffDoNotLookComplete(String accept) throws Exception {
        UUID id = create(1100);
        IntStream.rangeClosed(1, 1100).parallel().forEach(place -> finish(id, place));
        String path = "/v1/jobs/" + id + "/results";
        damage(id, 1100);
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .header("Accept", accept)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }

        damage(id, 1);
        given().accept(accept).get(path).then().statusCode(400).contentType("application/problem+json");
    }
}
