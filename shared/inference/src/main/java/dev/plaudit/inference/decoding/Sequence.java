package dev.plaudit.inference.decoding;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A sequence under way. Immutable.
 *
 * @param tokens what is known of the prompt, and what was said since
 * @param prompt how many of them are the prompt's
 */
record Sequence(int[] tokens, int prompt) {
    static Sequence after(int[] prompt) {
        return new Sequence(prompt, prompt.length);
    }

    Sequence with(int token) {
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = token;
        return new Sequence(longer, prompt);
    }

    int[] said() {
        return Arrays.copyOfRange(tokens, prompt, tokens.length);
    }

    int length() {
        return tokens.length - prompt;
    }

    Generated ended(Ending ending) {
        return new Generated(said(), ending, OptionalDouble.empty());
    }
}
