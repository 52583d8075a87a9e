package dev.plaudit.events;

/** The rules that every text of a document obeys: bounded, no control characters, well-formed Unicode. */
final class Text {
    private Text() {}

    /** Returns the text, or null for null or blank; refuses control characters, lone surrogates and excess length. */
    static String optional(String field, String text, int maxLength) {
        if (text == null) {
            return null;
        }
        if (text.length() > maxLength) {
            throw new InvalidFieldException(
                    field, "must be at most " + maxLength + " characters long, was " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
                throw new InvalidFieldException(
                        field, "must not contain control characters, has U+%04X at %d".formatted((int) c, i));
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidFieldException(
                        field,
                        "must be well-formed Unicode, has the lone surrogate U+%04X at %d".formatted((int) c, i));
            }
        }
        return text.isBlank() ? null : text;
    }

    /** True when a reader would find at least one letter or digit, of any script. */
    static boolean hasWords(String text) {
        return text != null && text.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** The first characters of a value, for an error message. */
    static String excerpt(String text) {
        if (text == null) {
            return "null";
        }
        String printable = text.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
        return printable.length() <= 40 ? printable : printable.substring(0, 40) + "…";
    }
}
