package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
}
