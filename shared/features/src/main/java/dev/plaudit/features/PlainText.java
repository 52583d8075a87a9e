package dev.plaudit.features;

import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/** A post's text as a person would read it: one line, entities decoded, stand-ins for links and names removed. */
final class PlainText {
    private static final Pattern STAND_IN = Pattern.compile("<(?:hyperlink|mention)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\p{Cf}&&[^\\u200d]]+");

    private PlainText() {}

    /** Never null; empty when nothing is left. */
    static String of(String text) {
        if (text == null) {
            return "";
        }
        String decoded = withoutStandIns(text);
        if (decoded.indexOf('&') >= 0) {
            decoded = withoutStandIns(StringEscapeUtils.unescapeHtml4(decoded));
        }
        return SPACE.matcher(decoded).replaceAll(" ").strip();
    }

    private static String withoutStandIns(String text) {
        return text.indexOf('<') < 0 ? text : STAND_IN.matcher(text).replaceAll(" ");
    }

    /** The text cut to a length, between words where there is a gap in its last third. */
    static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int gap = text.lastIndexOf(' ', maxLength);
        int end = gap > maxLength * 2 / 3 ? gap : maxLength;
        return text.substring(0, Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end);
    }
}
