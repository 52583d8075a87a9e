package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * Best-path decoding of Connectionist Temporal Classification (Graves et al. 2006, section 3.2): the likeliest class of
 * each step, runs of the same class taken once, blanks dropped.
 *
 * @param characters by class; the first is the blank
 */
record CtcDecoder(List<String> characters) {
    private static final int BLANK = 0;

    /** Chosen on flyers that {@code plaudit evaluate --task ocr} does not draw. */
    private static final float SPACE_THRESHOLD = 0.05f;

    /**
     * What a line says.
     *
     * @param confidence mean probability of the steps that gave a character; 0 when none did
     */
    record Reading(String text, double confidence) {}

    /**
     * A decoder over a key file: the blank, its lines, and, where the recogniser has a class for it, the space.
     *
     * @throws ModelException when the recogniser has another number of classes
     */
    static CtcDecoder of(List<String> dictionary, int classes, String name) {
        List<String> characters = new ArrayList<>();
        characters.add("");
        characters.addAll(dictionary);
        if (characters.size() == classes - 1) {
            characters.add(" ");
        }
        if (characters.size() != classes) {
            throw new ModelException("the recogniser of " + name + " tells " + classes
                    + " classes apart, but its dictionary has " + dictionary.size() + " characters");
        }
        return new CtcDecoder(List.copyOf(characters));
    }

    /**
     * Decodes one line. PP-OCR's recogniser is trained mostly on Chinese and rarely dares to answer with a space; a blank
     * step on which it thinks of one is taken for it.
     *
     * @param probabilities {@code [steps, classes]}
     * @param offset index of the first
     */
    Reading decode(float[] probabilities, int offset, int steps) {
        StringBuilder text = new StringBuilder();
        double sum = 0;
        int kept = 0;
        int last = BLANK;
        float space = 0;
        for (int step = 0; step < steps; step++) {
            int row = offset + step * characters.size();
            int best = best(probabilities, row);
            if (best == BLANK) {
                space = Math.max(space, spaceProbability(probabilities, row));
            } else if (best != last) {
                if (space > SPACE_THRESHOLD) {
                    text.append(' ');
                }
                text.append(characters.get(best));
                sum += probabilities[row + best];
                kept++;
                space = 0;
            }
            last = best;
        }
        return new Reading(text.toString().strip().replaceAll(" +", " "), kept == 0 ? 0 : sum / kept);
    }

    private float spaceProbability(float[] probabilities, int row) {
        int last = characters.size() - 1;
        return characters.get(last).equals(" ") ? probabilities[row + last] : 0;
    }

    private int best(float[] probabilities, int from) {
        int best = 0;
        for (int i = 1; i < characters.size(); i++) {
            if (probabilities[from + i] > probabilities[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
