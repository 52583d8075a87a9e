package dev.plaudit.ocr;

/**
 * A line of text found on a picture.
 *
 * @param text what it says
 * @param confidence how sure the recogniser is, 0 to 1: the mean over its characters
 * @param box where it stands
 */
public record TextLine(String text, double confidence, TextBox box) {}
