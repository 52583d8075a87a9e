package dev.plaudit.events;

/**
 * How a draft goes on, told while it is written. All its pieces one after another are its text, but for the blanks around it.
 *
 * @param draft which of those that are written at once, from 0
 * @param text never empty
 */
public record DraftPiece(int draft, String text) {}
