package dev.plaudit.features;

import dev.plaudit.events.Prompt;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts prompts to what a model has room for.
 *
 * @param encoding of a prompt's text as tokens
 * @param contextLength most tokens of a prompt and its answer
 */
public record PromptFit(Function<String, int[]> encoding, int contextLength) {
    /** Parts of the prompt for writing a post that are cut where there is no room for the post, the first one first. */
    public static final List<String> EXPENDABLE = List.of("posts", "picture_text", "caption");

    /** Of a part with less nothing would be left that tells something. */
    private static final int FEWEST_CHARACTERS = 16;

    /**
     * The tokens of a prompt that leaves room for an answer, as far as cutting helps.
     *
     * @param answer most tokens of the answer
     * @param expendable names of the parts that may be cut, the first one first
     */
    public int[] fit(Prompt prompt, int answer, List<String> expendable) {
        Prompt cut = prompt;
        int[] tokens = encoding.apply(cut.text());
        for (String part : expendable) {
            for (Prompt longer = null; tokens.length + answer > contextLength && !cut.equals(longer); ) {
                longer = cut;
                cut = cut.changing(part, PromptFit::halved);
                tokens = encoding.apply(cut.text());
            }
        }
        return tokens;
    }

    /** The first half, with the end of the line where there is one; in the end nothing. */
    private static String halved(String text) {
        boolean line = text.endsWith("\n");
        int half = (text.length() - (line ? 1 : 0)) / 2;
        if (half < FEWEST_CHARACTERS) {
            return "";
        }
        int end = Character.isLowSurrogate(text.charAt(half)) ? half - 1 : half;
        return text.substring(0, end) + (line ? "\n" : "");
    }
}
