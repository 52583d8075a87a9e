package dev.plaudit.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecialTokensTest {
    private static final SpecialTokens TOKENS = new SpecialTokens(List.of("<|eot_id|>", "</s>", "<s>", "[INST]"));

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "plain text,plain text",
                "a<|eot_id|>b,ab",
                "<s></s>,\"\"",
                "<|eot_<|eot_id|>id|>x,x",
                "<<s>s>,\"\"",
                "[IN[INST]ST],\"\"",
                "a <b> | eot_id,a <b> | eot_id"
            })
    void takesOutWhatIsSpecialAndWhatBecomesSo(String text, String plain) {
        assertThat(TOKENS.takenOutOf(text)).isEqualTo(plain);
    }

    @Test
    void nothingSpecialIsLeftOfAnyMixture() {
        Random random = new Random(1);
        List<String> pieces = List.of("<", "|", "eot_id", ">", "s", "/", "[", "INST", "]", "<|eot_id|>", "</s>", "x");
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(30); k >= 0; k--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            assertThat(TOKENS.takenOutOf(text.toString())).doesNotContain("<|eot_id|>", "</s>", "<s>", "[INST]");
        }
    }
}
