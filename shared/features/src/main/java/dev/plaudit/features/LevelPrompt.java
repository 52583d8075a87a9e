package dev.plaudit.features;

import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Sight;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a language model is asked for the like level of a post: what is known of it, line by line, then
 * {@code Text: '…' Predict the like level (low/medium/high):}, which stands alone when no more is known.
 */
public final class LevelPrompt {
    /** The part of the prompt that holds the post's text, without its quotes. */
    public static final String TEXT = PromptField.CONTENT.placeholder();

    /** The answers there are, in the order of {@link LikeLevel}. */
    public static final List<String> ANSWERS =
            Arrays.stream(LikeLevel.values()).map(LevelPrompt::answer).toList();

    /** Long enough for each of them, in the tokens of any tokenizer. */
    public static final int ANSWER_TOKENS = 8;

    private static final PromptTemplate KNOWN = PromptTemplate.ofResource("level-prompt.txt");
    private static final String BEFORE = "Text: '";
    private static final String AFTER = "' Predict the like level (low/medium/high):";
    private static final int LONGEST_TEXT = 300;

    private LevelPrompt() {}

    /**
     * The prompt of a post.
     *
     * @param sights what models saw in its media, in order; where there is none, the caller's captions stand in
     */
    public static Prompt of(Post post, List<Sight> sights) {
        Prompt known = KNOWN.write(post, sights);
        String text = quoted(PlainText.cut(PlainText.of(post.content()), LONGEST_TEXT));
        int start = known.text().length() + BEFORE.length();
        return new Prompt(
                known.text() + BEFORE + text + AFTER,
                Stream.concat(known.parts().stream(), Stream.of(new Prompt.Part(TEXT, start, start + text.length())))
                        .toList());
    }

    /** An apostrophe of the text must not pass for the end of it. */
    private static String quoted(String text) {
        return text.replace('\'', '’');
    }

    /** What the model answers, as in {@code " low"}: it goes on after the colon. */
    public static String answer(LikeLevel level) {
        return " " + level.name().toLowerCase(Locale.ROOT);
    }
}
