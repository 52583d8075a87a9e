package dev.plaudit.tables;

/** Texts that a spreadsheet would run. */
public final class Formulas {
    private Formulas() {}

    /** The text, behind an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV Injection). */
    public static String harmless(String text) {
        return text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
    }
}
