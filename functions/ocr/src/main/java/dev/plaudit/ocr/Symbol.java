package dev.plaudit.ocr;

import java.util.Map;

/**
 * One character of a line, as the recogniser saw it.
 *
 * @param character what it most likely is
 * @param probability how likely, 0 to 1
 * @param center where its middle lies, in steps from the line's left end
 * @param space how likely a space stands before it: the most that any step between it and its neighbour gave
 * @param lookalikes how likely it is one of {@link Lookalikes#CHARACTERS} instead; empty unless it is one itself
 */
record Symbol(String character, float probability, double center, float space, Map<String, Float> lookalikes) {}
