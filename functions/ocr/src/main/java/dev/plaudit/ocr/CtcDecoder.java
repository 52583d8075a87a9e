package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Best-path decoding of Connectionist Temporal Classification (Graves et al. 2006, section 3.2): the likeliest class of
 * each step, runs of the same class taken once, blanks dropped. Spaces are dropped as well: {@link WordBreaks} decides
 * on them.
 *
 * @param classes the character of each; the first is the blank
 * @param lookalikes the classes of {@link Lookalikes#CHARACTERS}
 */
record CtcDecoder(List<String> classes, Map<String, Integer> lookalikes) {
    private static final int BLANK = 0;
    private static final String SPACE = " ";

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
            characters.add(SPACE);
        }
        if (characters.size() != classes) {
            throw new ModelException("the recogniser of " + name + " tells " + classes
                    + " classes apart, but its dictionary has " + dictionary.size() + " characters");
        }
        Map<String, Integer> lookalikes = new HashMap<>();
        for (String character : Lookalikes.CHARACTERS) {
            int index = characters.indexOf(character);
            if (index >= 0) {
                lookalikes.put(character, index);
            }
        }
        return new CtcDecoder(List.copyOf(characters), Map.copyOf(lookalikes));
    }

    /**
     * The characters of one line.
     *
     * @param probabilities {@code [steps, classes]}
     * @param offset index of the first
     */
    List<Symbol> decode(float[] probabilities, int offset, int steps) {
        List<Symbol> symbols = new ArrayList<>();
        float space = 0;
        int step = 0;
        while (step < steps) {
            int first = step;
            int row = offset + first * classes.size();
            int best = best(probabilities, row);
            while (++step < steps && best(probabilities, offset + step * classes.size()) == best) {}
            if (best == BLANK || classes.get(best).equals(SPACE)) {
                for (int i = first; i < step; i++) {
                    space = Math.max(space, space(probabilities, offset + i * classes.size()));
                }
            } else {
                symbols.add(new Symbol(
                        classes.get(best),
                        probabilities[row + best],
                        (first + step) / 2.0,
                        space,
                        lookalikes(probabilities, row, best)));
                space = 0;
            }
        }
        return symbols;
    }

    private Map<String, Float> lookalikes(float[] probabilities, int row, int best) {
        if (!lookalikes.containsValue(best)) {
            return Map.of();
        }
        Map<String, Float> likely = new HashMap<>();
        lookalikes.forEach((character, index) -> likely.put(character, probabilities[row + index]));
        return likely;
    }

    private float space(float[] probabilities, int row) {
        int last = classes.size() - 1;
        return classes.get(last).equals(SPACE) ? probabilities[row + last] : 0;
    }

    private int best(float[] probabilities, int from) {
        int best = 0;
        for (int i = 1; i < classes.size(); i++) {
            if (probabilities[from + i] > probabilities[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
