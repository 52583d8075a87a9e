package dev.plaudit.ocr;

import java.util.List;

/**
 * Figures taken for letters and letters for figures, mended by the rest of their word: {@code 5o%} is 50 %, {@code SH0ES}
 * are shoes. Only where the recogniser itself thought of the other; {@code H2O}, {@code 10k} and {@code SAVE20} stay.
 */
final class Lookalikes {
    /** The characters that are told apart here. */
    static final List<String> CHARACTERS = List.of("0", "O", "o", "1", "l", "I");

    private static final String ZERO_LIKE = "Oo";
    private static final String ONE_LIKE = "lI";

    /** Chosen on flyers that {@code plaudit evaluate --task ocr} does not draw. */
    private static final float LEAST_PROBABILITY = 0.05f;

    private Lookalikes() {}

    /** What a word says. */
    static String text(List<Symbol> word) {
        StringBuilder text = new StringBuilder();
        word.forEach(symbol -> text.append(symbol.character()));
        if (text.length() == word.size() && text.chars().anyMatch(Character::isDigit)) {
            if (text.chars().noneMatch(c -> Character.isLetter(c) && !isOneOf(ZERO_LIKE + ONE_LIKE, c))) {
                mendNumber(word, text);
            } else if (text.charAt(0) < '1' || text.charAt(0) > '9') {
                mendName(word, text);
            }
        }
        return text.toString();
    }

    /** A word with figures and none but doubtful letters. */
    private static void mendNumber(List<Symbol> word, StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            boolean beforeDigit = i + 1 < text.length() && Character.isDigit(text.charAt(i + 1));
            if (i == 0 && beforeDigit && isOneOf(ONE_LIKE, text.charAt(i))) {
                mend(word, text, i, "1");
            } else if (i > 0 && Character.isDigit(text.charAt(i - 1)) && isOneOf(ZERO_LIKE, text.charAt(i))) {
                mend(word, text, i, "0");
            }
        }
    }

    /** A word with letters, which a quantity in front of its unit would begin with another figure. */
    private static void mendName(List<Symbol> word, StringBuilder text) {
        for (int i = text.length() - 2; i >= 0; i--) {
            if (text.charAt(i) == '0' && isLatin(text.charAt(i + 1))) {
                var likely = word.get(i).lookalikes();
                mend(word, text, i, likely.getOrDefault("O", 0f) >= likely.getOrDefault("o", 0f) ? "O" : "o");
            }
        }
    }

    private static void mend(List<Symbol> word, StringBuilder text, int index, String character) {
        if (word.get(index).lookalikes().getOrDefault(character, 0f) >= LEAST_PROBABILITY) {
            text.setCharAt(index, character.charAt(0));
        }
    }

    private static boolean isLatin(char character) {
        return Character.isLetter(character) && Character.UnicodeScript.of(character) == Character.UnicodeScript.LATIN;
    }

    private static boolean isOneOf(String characters, int character) {
        return characters.indexOf(character) >= 0;
    }
}
