package dev.plaudit.training.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Ways to cut a text into words. */
final class Words {
    private static final Pattern LETTERS_AND_DIGITS = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
    private static final Pattern POINT_AFTER_OTHERS = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_OTHERS = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

    private Words() {}

    /** Runs of letters and digits, in lower case: as ROUGE's reference implementation, for every script. */
    static List<String> plain(String text) {
        return LETTERS_AND_DIGITS
                .matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** What white space divides, as Python's {@code split} has it. */
    static List<String> spaced(String text) {
        return WHITE_SPACE.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    /** The tokens of {@code mteval-v13a}, by which machine translation is compared: sacreBLEU's {@code 13a}. */
    static List<String> mteval13a(String text) {
        String line = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
        line = line.replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        line = SYMBOL.matcher(" " + line + " ").replaceAll(" $1 ");
        line = POINT_AFTER_OTHERS.matcher(line).replaceAll("$1 $2 ");
        line = POINT_BEFORE_OTHERS.matcher(line).replaceAll(" $1 $2");
        return spaced(DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 "));
    }
}
