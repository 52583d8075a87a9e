package dev.plaudit.features;

import java.math.BigInteger;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/**
 * A post's text as a person would read it: one line, entities decoded, stand-ins for links and names removed, and so are the
 * marks between which Llama 2's original form puts an instruction, so that no value can end it.
 */
final class PlainText {
    private static final Pattern NO_TEXT =
            Pattern.compile("<(?:hyperlink|mention)>|\\[/?INST]|<</?SYS>>", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENTITY = Pattern.compile("&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+))|\\p{Alnum}+);");
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private PlainText() {}

    /** Never null; empty when nothing is left. */
    static String of(String text) {
        if (text == null) {
            return "";
        }
        String decoded = textOf(text);
        if (decoded.indexOf('&') >= 0) {
            decoded = textOf(ENTITY.matcher(decoded).replaceAll(PlainText::decoded));
        }
        return onOneLine(decoded);
    }

    /** Every run of white space and of characters that cannot be seen becomes one space. */
    private static String onOneLine(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (!isGap(c)) {
                line.append(gap ? " " : "").appendCodePoint(c);
            }
            gap = isGap(c);
        }
        return line.toString().strip();
    }

    /** Whether the text is words of ASCII with one space between them, as most are: nothing is to be done then. */
    private static boolean isPlain(String text) {
        char last = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == ' ' && last == ' ') {
                return false;
            }
            last = c;
        }
        return text.isEmpty() || last != ' ';
    }

    /** The joiner holds emoji together, so it is none. */
    private static boolean isGap(int c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.SURROGATE -> true;
            case Character.FORMAT -> c != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    /** A space in the place of what is none: what stood around it does not come together. */
    private static String textOf(String text) {
        return text.indexOf('<') < 0 && text.indexOf('[') < 0
                ? text
                : NO_TEXT.matcher(text).replaceAll(" ");
    }

    /** What an entity stands for; a space for a code point that Unicode does not have: the decoder stumbles over those. */
    private static String decoded(MatchResult entity) {
        String hex = entity.group(1);
        String decimal = entity.group(2);
        if (hex != null || decimal != null) {
            BigInteger codePoint = hex == null ? new BigInteger(decimal) : new BigInteger(hex, 16);
            if (codePoint.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
                return " ";
            }
        }
        return Matcher.quoteReplacement(StringEscapeUtils.unescapeHtml4(entity.group()));
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
