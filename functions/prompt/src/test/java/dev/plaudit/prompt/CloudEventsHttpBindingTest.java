package dev.plaudit.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.EventType;
import dev.plaudit.events.SimulationJson;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every function answers by, each test named after its rule.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents'
 *     HTTP protocol binding 1.0.2</a>
 */
@QuarkusTest
class CloudEventsHttpBindingTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String DATA =
            "{\"task\":\"behavior\",\"post\":{\"content\":\"Café\",\"company\":\"Oven & Co\",\"username\":\"a\"}}";
    private static final String STRUCTURED = """
            {"specversion":"1.0","id":"e1","type":"dev.plaudit.submitted","source":"/test","subject":"s1","media":"none",
             "task":"behavior","data":%s}""".formatted(DATA);

    @TestHTTPResource
    URI function;

    private static Map<String, String> binary() {
        return new TreeMap<>(Map.of(
                "Content-Type", "application/json",
                "ce-specversion", "1.0",
                "ce-id", "e1",
                "ce-type", EventType.SUBMITTED,
                "ce-source", "/test",
                "ce-subject", "s1",
                "ce-task", "behavior",
                "ce-media", "none"));
    }

    private static Map<String, String> binaryWith(String header, String value) {
        Map<String, String> headers = binary();
        headers.put(header, value);
        return headers;
    }

    private HttpResponse<byte[]> send(Map<String, String> headers, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(function).POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> sendStructured(String event) throws Exception {
        return send(Map.of("Content-Type", "application/cloudevents+json; charset=UTF-8"), event);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    private static void assertRefused(HttpResponse<byte[]> response, int status, String... words) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "specversion", "type"})
    void requiredAttributesMustBeThereInBinaryMode(String attribute) throws Exception {
        Map<String, String> headers = binary();
        headers.remove("ce-" + attribute);

        assertRefused(send(headers, DATA), 400, "\"field\":\"" + attribute + "\"", "is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "specversion", "type"})
    void requiredAttributesMustBeThereInStructuredMode(String attribute) throws Exception {
        assertRefused(
                sendStructured(STRUCTURED.replaceFirst("\"" + attribute + "\":\"[^\"]*\",", "")),
                400,
                "\"field\":\"" + attribute + "\"",
                "is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "subject"})
    void anAttributeMustNotBeEmpty(String attribute) throws Exception {
        assertRefused(send(binaryWith("ce-" + attribute, ""), DATA), 400, "\"field\":\"" + attribute + "\"");
        assertRefused(
                sendStructured(
                        STRUCTURED.replaceFirst("\"" + attribute + "\":\"[^\"]*\"", "\"" + attribute + "\":\"\"")),
                400,
                "\"field\":\"" + attribute + "\"");
    }

    @Test
    void anotherVersionOfTheSpecificationIsRefused() throws Exception {
        assertRefused(send(binaryWith("ce-specversion", "0.3"), DATA), 400, "\"field\":\"specversion\"", "1.0");
        assertRefused(
                sendStructured(STRUCTURED.replace("\"1.0\"", "\"2.0\"")), 400, "\"field\":\"specversion\"", "1.0");
    }

    @Test
    void aTimestampIsOneOfRfc3339() throws Exception {
        assertRefused(send(binaryWith("ce-time", "yesterday"), DATA), 400, "\"field\":\"time\"", "RFC 3339");
        assertRefused(
                sendStructured(STRUCTURED.replace("\"id\"", "\"time\":\"yesterday\",\"id\"")),
                400,
                "\"field\":\"time\"",
                "RFC 3339");
        assertThat(send(binaryWith("ce-time", "2026-03-06T08:30:00.123456789+05:30"), DATA)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void headerNamesAreNotCaseSensitive() throws Exception {
        Map<String, String> headers = new TreeMap<>();
        binary().forEach((name, value) -> headers.put(name.toUpperCase(), value));

        HttpResponse<byte[]> response = send(headers, DATA);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "ce-type")).isEqualTo(EventType.PROMPTED);
        assertThat(header(response, "ce-subject")).isEqualTo("s1");
        assertThat(header(response, "ce-task")).isEqualTo("behavior");
    }

    @Test
    void mediaTypesAreNotCaseSensitive() throws Exception {
        String event = STRUCTURED.replace("\"id\"", "\"datacontenttype\":\"Application/JSON\",\"id\"");

        assertThat(send(binaryWith("Content-Type", "Application/JSON"), DATA).statusCode())
                .isEqualTo(200);
        assertThat(send(Map.of("Content-Type", "Application/CloudEvents+JSON"), event)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Euro%20%E2%82%AC%20%F0%9F%98%80, Euro%20%E2%82%AC%20%F0%9F%98%80",
        "%e2%82%ac, %E2%82%AC",
        "100%25, 100%25",
        "a b, a%20b",
        "%2541, %2541",
        "%41, A",
        "50% off, 50%25%20off",
    })
    void headerValuesArePercentDecodedOnceAndEncodedAgain(String given, String expected) throws Exception {
        HttpResponse<byte[]> response = send(binaryWith("ce-subject", given), DATA);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "ce-subject")).isEqualTo(expected);
    }

    @Test
    void quotedHeaderValuesAreUnescaped() throws Exception {
        assertThat(header(send(binaryWith("ce-subject", "\"a \\\"b\\\" %41\""), DATA), "ce-subject"))
                .isEqualTo("a%20%22b%22%20A");
    }

    @Test
    void attributesOfStructuredEventsAreUnicode() throws Exception {
        HttpResponse<byte[]> response = sendStructured(STRUCTURED.replace("\"s1\"", "\"Euro € 😀 100%\""));

        assertThat(SimulationJson.MAPPER
                        .readTree(response.body())
                        .get("subject")
                        .asText())
                .isEqualTo("Euro € 😀 100%");
    }

    @Test
    void numbersAndBooleansOfStructuredEventsAreCarriedOnAndNullsAreNot() throws Exception {
        JsonNode event = SimulationJson.MAPPER.readTree(
                sendStructured(STRUCTURED.replace("\"id\"", "\"count\":7,\"last\":true,\"none\":null,\"id\""))
                        .body());

        assertThat(event.get("count").asText()).isEqualTo("7");
        assertThat(event.get("last").asText()).isEqualTo("true");
        assertThat(event.has("none")).isFalse();
    }

    @Test
    void attributesOfStructuredEventsAreNoObjects() throws Exception {
        assertRefused(
                sendStructured(STRUCTURED.replace("\"id\"", "\"campaign\":{},\"id\"")), 400, "\"field\":\"campaign\"");
    }

    @Test
    void datacontenttypeIsTheContentTypeInBinaryMode() throws Exception {
        HttpResponse<byte[]> response = send(binaryWith("Content-Type", "application/json; charset=utf-8"), DATA);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "ce-datacontenttype")).isNull();
    }

    @Test
    void datacontenttypeIsJsonWhereAStructuredEventDoesNotSay() throws Exception {
        HttpResponse<byte[]> response = sendStructured(STRUCTURED);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).startsWith("application/cloudevents+json");
        JsonNode event = SimulationJson.MAPPER.readTree(response.body());
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("type").asText()).isEqualTo(EventType.PROMPTED);
        assertThat(event.get("data").get("prompt").get("text").asText()).contains("Café");
    }

    @Test
    void dataOfAnotherContentTypeIsRefused() throws Exception {
        assertRefused(send(binaryWith("Content-Type", "text/xml"), "<post/>"), 415, "text/xml");
        assertRefused(
                sendStructured(STRUCTURED.replace("\"id\"", "\"datacontenttype\":\"text/xml\",\"id\"")),
                415,
                "must be one event with JSON");
    }

    @Test
    void dataOfNoContentTypeIsTakenForJson() throws Exception {
        Map<String, String> headers = binary();
        headers.remove("Content-Type");

        assertThat(send(headers, DATA).statusCode()).isEqualTo(200);
    }

    @Test
    void dataInBase64IsTheSameData() throws Exception {
        HttpResponse<byte[]> response = sendStructured(STRUCTURED.replace(
                "\"data\":" + DATA,
                "\"data_base64\":\"" + Base64.getEncoder().encodeToString(DATA.getBytes(StandardCharsets.UTF_8))
                        + "\""));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("Café");
    }

    @Test
    void anEventFormatThatIsNotKnownIsRefused() throws Exception {
        assertRefused(
                send(Map.of("Content-Type", "application/cloudevents+avro"), "x"), 415, "application/cloudevents+json");
    }

    @Test
    void aBatchIsRefused() throws Exception {
        assertRefused(
                send(Map.of("Content-Type", "application/cloudevents-batch+json"), "[" + STRUCTURED + "]"),
                415,
                "one event");
    }

    @Test
    void contentLengthIsThatOfTheBodyInBytes() throws Exception {
        HttpResponse<byte[]> response = send(binary(), DATA);

        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("Café");
        assertThat(header(response, "Content-Length")).isEqualTo(Integer.toString(response.body().length));
    }

    @Test
    void anEventThatNoFunctionTakesIsRefusedForGood() throws Exception {
        assertRefused(send(binaryWith("ce-type", "dev.other.created"), DATA), 400, "\"field\":\"type\"");
    }

    @Test
    void anEventThatExpiredIsNotWorkedOnAndFails() throws Exception {
        HttpResponse<byte[]> response = send(binaryWith("ce-expirytime", "2026-01-01T00:00:00Z"), DATA);

        assertThat(header(response, "ce-type")).isEqualTo(EventType.FAILED);
        JsonNode document = SimulationJson.MAPPER.readTree(response.body());
        assertThat(document.get("problem").get("status").asInt()).isEqualTo(504);
        assertThat(document.has("prompt")).isFalse();
        assertRefused(send(binaryWith("ce-expirytime", "soon"), DATA), 400, "\"field\":\"expirytime\"");
    }

    @Test
    void controlCharactersAreRefused() throws Exception {
        assertRefused(send(binaryWith("ce-subject", "a%0Ab"), DATA), 400, "\"field\":\"subject\"");
        assertRefused(sendStructured(STRUCTURED.replace("s1", "a\\nb")), 400, "\"field\":\"subject\"");
    }
}
