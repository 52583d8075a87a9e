package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Quarkus generates for a function, of its properties and extensions, stands in its committed service as it is. */
class GeneratedServicesIT {
    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));

    private static Path generated(Path function) {
        return function.resolve("target/kubernetes/knative.yml");
    }

    static Stream<String> generated() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("functions"))) {
            List<String> functions = folders.filter(folder -> Files.exists(generated(folder)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
            return functions.stream();
        }
    }

    @Test
    void everyServiceOfAFunctionThatExistsIsGenerated() throws IOException {
        try (Stream<Path> services = Files.list(ROOT.resolve("knative/base/services"))) {
            assertThat(services.map(service -> service.getFileName().toString().replace(".yaml", ""))
                            .filter(function -> Files.exists(ROOT.resolve("functions/" + function + "/pom.xml"))))
                    .containsExactlyInAnyOrderElementsOf(generated().toList());
        }
    }

    @ParameterizedTest
    @MethodSource("generated")
    void theCommittedServiceHoldsAllOfIt(String function) throws IOException {
        JsonNode generated = service(generated(ROOT.resolve("functions/" + function)));
        JsonNode committed = StrictYaml.MAPPER.readTree(
                ROOT.resolve("knative/base/services/" + function + ".yaml").toFile());

        assertThat(withoutItsOwnVersion(generated)).isNotEmpty();
        assertHolds(function, committed, withoutItsOwnVersion(generated));
    }

    /** A manifest may hold more than the service: the gateway's has its service account, which is committed with all others. */
    private static JsonNode service(Path manifest) throws IOException {
        try (var documents = StrictYaml.MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(manifest.toFile())) {
            return documents.readAll().stream()
                    .filter(document -> document.path("kind").asText().equals("Service"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void assertHolds(String path, JsonNode committed, JsonNode generated) {
        if (generated.isNull()) {
            return;
        }
        switch (generated) {
            case ObjectNode object ->
                object.properties()
                        .forEach(field -> assertHolds(
                                path + "." + field.getKey(), committed.path(field.getKey()), field.getValue()));
            case com.fasterxml.jackson.databind.node.ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    assertHolds(path + "[" + i + "]", committed.path(i), array.get(i));
                }
            }
            default -> assertThat(committed).as(path).isEqualTo(generated);
        }
    }

    /** The version of Quarkus is no property of the deployment. */
    private static JsonNode withoutItsOwnVersion(JsonNode service) {
        for (String pointer : List.of("/metadata/annotations", "/spec/template/metadata/annotations")) {
            ((ObjectNode) service.at(pointer)).remove("app.quarkus.io/quarkus-version");
        }
        return service;
    }
}
