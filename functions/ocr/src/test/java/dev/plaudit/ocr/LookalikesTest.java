package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookalikesTest {
    /** A word of which the recogniser is 80 % sure, and thinks each other lookalike as likely as told. */
    private static List<Symbol> word(String text, float doubt) {
        return text.codePoints()
                .mapToObj(Character::toString)
                .map(character -> {
                    Map<String, Float> likely = new HashMap<>();
                    if (Lookalikes.CHARACTERS.contains(character)) {
                        Lookalikes.CHARACTERS.forEach(other -> likely.put(other, doubt));
                        likely.put(character, 0.8f);
                        // Of the two letters the one in the word's case is likelier.
                        likely.merge(text.equals(text.toUpperCase()) ? "O" : "o", 0.01f, Float::sum);
                    }
                    return new Symbol(character, 0.8f, 0, 0, likely);
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "5o%, 50%",
        "1OO, 100",
        "1oo!, 100!",
        "l00, 100",
        "I0, 10",
        "2O26, 2026",
        "SH0ES, SHOES",
        "B00K, BOOK",
        "n0w!, now!",
        "0rganic, organic",
        "0PEN, OPEN"
    })
    void goesByTheRestOfTheWord(String read, String meant) {
        assertThat(Lookalikes.text(word(read, 0.1f))).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H2O", "CO2", "O2", "SAVE10", "10k", "10l", "1st", "24/7", "$9.99", "Oslo", "loo", "MP3", "图0文", "𠮷0"
            })
    void leavesWhatMayBeMeant(String read) {
        assertThat(Lookalikes.text(word(read, 0.1f))).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5o%", "SH0ES", "l00"})
    void leavesWhatTheRecogniserIsSureOf(String read) {
        assertThat(Lookalikes.text(word(read, 0.01f))).isEqualTo(read);
    }
}
