package dev.plaudit.generate;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.EventType;
import dev.plaudit.torch.TorchScriptEngine;
import dev.plaudit.training.language.LlamaTorchScript;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The function with a folder that holds a TorchScript export and nothing else. */
@QuarkusTest
@TestProfile(PyTorchEngineTest.OnlyTorchScript.class)
class PyTorchEngineTest {
    /** The writer that ships, as {@code plaudit train post --torchscript} would export it. */
    public static final class OnlyTorchScript implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Path shipped = Path.of(System.getProperty("plaudit.root"), "models", "pretrained", "post");
            try {
                Path folder = Files.createTempDirectory("torchscript");
                for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
                    Files.copy(shipped.resolve(file), folder.resolve(file));
                }
                LlamaTorchScript.write(shipped, folder.resolve(TorchScriptEngine.FILE));
                return Map.of("plaudit.generate.model", folder.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<String> drafts(int seed) {
        return given().contentType("application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.PROMPTED)
                .header("ce-source", "/test")
                .header("ce-subject", "s1")
                .header("ce-task", "content")
                .header("ce-media", "none")
                .header("ce-partitionkey", "s1")
                .body("""
                        {"task": "content", "post": {"company": "Oven & Co"},
                         "options": {"writing": {"drafts": 3, "seed": %d, "maxNewTokens": 12}},
                         "prompt": {"text": "Write the post that this company publishes.\\nCompany: Oven & Co\\nPost:\\n"}}
                        """.formatted(seed))
                .post("/")
                .then()
                .statusCode(200)
                .extract()
                .path("drafts.text");
    }

    @Test
    void writesDrafts() {
        assertThat(drafts(7))
                .hasSize(3)
                .doesNotHaveDuplicates()
                .isEqualTo(drafts(7))
                .isNotEqualTo(drafts(8));
    }
}
