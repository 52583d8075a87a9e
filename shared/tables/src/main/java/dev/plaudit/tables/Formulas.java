package dev.plaudit.tables;

/** Texts that a spreadsheet would run. */
public final class Formulas {
    private Formulas() {}

    /** The text, behind an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV Injection). */
    public static String harmless(String text) {
        return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
