package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTest {
    private static final Prompt PROMPT = new Prompt(
            "Picture: bread\nCompany: Oven\nPost:\n",
            List.of(new Prompt.Part("caption", 0, 15), new Prompt.Part("company", 15, 29)));

    @Test
    void aPartThatChangesMovesThoseBehindIt() {
        Prompt shorter = PROMPT.changing("caption", text -> text.replace("bread", "🍞"));

        assertThat(shorter.text()).isEqualTo("Picture: 🍞\nCompany: Oven\nPost:\n");
        assertThat(shorter.without(shorter.parts().getLast())).isEqualTo("Picture: 🍞\nPost:\n");
        assertThat(shorter.without(shorter.parts().getFirst())).isEqualTo("Company: Oven\nPost:\n");
    }

    @Test
    void aPartMayBecomeEmptyAndOneThatIsNotThereChangesNothing() {
        assertThat(PROMPT.changing("company", _ -> "").text()).isEqualTo("Picture: bread\nPost:\n");
        assertThat(PROMPT.changing("posts", _ -> "x")).isEqualTo(PROMPT);
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 2, 4", "0, 2, 3, 6", "2, 1, 3, 4", "-1, 2, 3, 4"})
    void partsLieInOrderInsideTheText(int start, int end, int nextStart, int nextEnd) {
        List<Prompt.Part> parts = List.of(new Prompt.Part("a", start, end), new Prompt.Part("b", nextStart, nextEnd));

        assertThatThrownBy(() -> new Prompt("12345", parts)).isInstanceOf(InvalidFieldException.class);
    }
}
