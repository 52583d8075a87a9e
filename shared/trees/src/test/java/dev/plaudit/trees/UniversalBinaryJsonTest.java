package dev.plaudit.trees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniversalBinaryJsonTest {
    private static byte[] model(String name) throws IOException {
        return Files.readAllBytes(Path.of(System.getProperty("plaudit.root"), "models/pretrained/likes", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket-1.ubj", "bucket-7.ubj", "overall.ubj"})
    void aModelOfXgboostIsWholeAndNoPartOfItIs(String name) throws IOException {
        byte[] whole = model(name);

        assertThat(UniversalBinaryJson.isWholeObject(whole)).isTrue();
        assertThat(UniversalBinaryJson.isWholeObject(Arrays.copyOf(whole, whole.length + 1)))
                .isFalse();
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            assertThat(UniversalBinaryJson.isWholeObject(Arrays.copyOf(whole, length)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{i\u0001aZ}",
                "{i\u0001a[$U#i\u0003abci\u0001bSi\u0002hi}",
                "{i\u0001a[#i\u0002i\u0001T}",
                "{i\u0001a{#i\u0001i\u0001bT}"
            })
    void everyFormOfTheSpecificationIsFollowed(String json) {
        assertThat(UniversalBinaryJson.isWholeObject(json.getBytes(ISO_8859_1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{i\u0001a}",
                "{i\u0001a[$U#i\u0003ab}",
                "{i\u0001aSl\u007f\u00ff\u00ff\u00ffa}",
                "{i\u0001a[$U#i\u00ff}",
                "{i\u0001a[$U]}",
                "{i\u0001a[$T#L\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000}",
                "{i\u0001aX}"
            })
    void lengthsThatPointBeyondTheEndAreNotBelieved(String json) {
        assertThat(UniversalBinaryJson.isWholeObject(json.getBytes(ISO_8859_1))).isFalse();
    }

    @Test
    void nestingHasAnEnd() {
        String deep = "{" + "i\u0001a{".repeat(100_000);
        assertThat(UniversalBinaryJson.isWholeObject(deep.getBytes(ISO_8859_1))).isFalse();
    }
}
