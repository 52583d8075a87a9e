package dev.plaudit.features;

import java.math.BigInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/** A post's text as a person would read it: one line, entities decoded, stand-ins for links and names removed. */
final class PlainText {
    private static final Pattern STAND_IN = Pattern.compile("<(?:hyperlink|mention)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern REFERENCE = Pattern.compile("&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\p{Cf}\\p{Cc}\\p{Cs}&&[^\\u200d]]+");

    private PlainText() {}

    /** Never null; empty when nothing is left. */
    static String of(String text) {
        if (text == null) {
            return "";
        }
        String decoded = StringEscapeUtils.unescapeHtml4(
                REFERENCE.matcher(STAND_IN.matcher(text).replaceAll(" ")).replaceAll(PlainText::orSpace));
        return SPACE.matcher(STAND_IN.matcher(decoded).replaceAll(" "))
                .replaceAll(" ")
                .strip();
    }

    /** A numeric reference to a code point that Unicode has, else a space: a decoder would stumble over the others. */
    private static String orSpace(MatchResult reference) {
        String hex = reference.group(1);
        BigInteger codePoint = hex == null ? new BigInteger(reference.group(2)) : new BigInteger(hex, 16);
        return codePoint.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) <= 0 ? reference.group() : " ";
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
