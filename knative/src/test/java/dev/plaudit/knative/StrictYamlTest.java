package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest with a mistake is refused, wherever the mistake is. */
class StrictYamlTest {
    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: prompt
            spec:
              template:
                spec:
                  containers:
                    - name: prompt
                      resources:
                        limits:
                          memory: 256Mi
            """;

    @Test
    void readsAManifestWithoutMistakes() throws IOException {
        assertThat(StrictYaml.read(SERVICE)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name:", "spec:", "template:", "containers:", "resources:", "limits:"})
    void refusesAFieldThatIsSpelledWrongly(String field) {
        String wrong = SERVICE.replaceFirst("(?m)^( *-? ?)" + field, "$1x" + field);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StrictYaml.read(wrong))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .withMessageContaining("x" + field.replace(":", ""));
    }

    @Test
    void refusesAFieldThatIsThereTwice() {
        assertThatExceptionOfType(JsonParseException.class)
                .isThrownBy(() -> StrictYaml.read(SERVICE + "metadata:\n  name: again\n"));
    }

    @Test
    void refusesAKindThatIsNotPlauditsOwn() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StrictYaml.read("apiVersion: v1\nkind: Pod\n"))
                .withMessageContaining("v1 Pod");
    }
}
