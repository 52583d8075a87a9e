package dev.plaudit.features;

import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import java.util.List;
import java.util.Locale;

/**
 * How a language model is asked for the like level of a post: what is known of it, line by line, then
 * {@code Text: '…' Predict the like level (low/medium/high):}, which stands alone when no more is known.
 */
public final class LevelPrompt {
    private static final PromptTemplate KNOWN = PromptTemplate.ofResource("level-prompt.txt");
    private static final int LONGEST_TEXT = 300;

    private LevelPrompt() {}

    /**
     * The prompt of a post.
     *
     * @param sights what models saw in its media, in order; where there is none, the caller's captions stand in
     */
    public static String of(Post post, List<Sight> sights) {
        String text = PlainText.cut(PlainText.of(post.content()), LONGEST_TEXT);
        return KNOWN.write(post, sights).text() + "Text: '" + quoted(text)
                + "' Predict the like level (low/medium/high):";
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
