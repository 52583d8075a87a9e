package dev.plaudit.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a token for each character. */
class PromptFitTest {
    private static final PromptFit FIT = new PromptFit(text -> text.codePoints().toArray(), 100);

    /** Text of 100 characters that may be cut, its line's end besides, before 16 that may not. */
    private static Prompt prompt(String expendable) {
        String text = expendable + "\nCaption: a loaf\n";
        int end = expendable.length() + 1;
        return new Prompt(
                text, List.of(new Prompt.Part("posts", 0, end), new Prompt.Part("caption", end, text.length())));
    }

    private static String fit(Prompt prompt, int answer) {
        int[] tokens = FIT.fit(prompt, answer, List.of("posts"));
        return new String(tokens, 0, tokens.length);
    }

    @Test
    void aPartIsHalvedUntilThereIsRoomForTheAnswer() {
        Prompt prompt = prompt("x".repeat(100));

        assertThat(fit(prompt, 30)).isEqualTo("x".repeat(50) + "\nCaption: a loaf\n");
        assertThat(fit(prompt, 40)).isEqualTo("x".repeat(25) + "\nCaption: a loaf\n");
    }

    @Test
    void ofLittleNothingIsLeft() {
        assertThat(fit(prompt("x".repeat(100)), 80)).isEqualTo("Caption: a loaf\n");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(fit(prompt("x" + "\uD83D\uDE00".repeat(90)), 30))
                .isEqualTo("x" + "\uD83D\uDE00".repeat(44) + "\nCaption: a loaf\n");
    }
}
