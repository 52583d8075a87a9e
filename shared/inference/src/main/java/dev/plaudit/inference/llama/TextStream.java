package dev.plaudit.inference.llama;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Text that grows token by token. A character may be made of several tokens, so the end is held back while it is none yet.
 */
final class TextStream {
    private static final String INCOMPLETE = "\uFFFD";

    private final Function<int[], String> decoding;
    private final Consumer<String> listener;
    private int[] tokens = {};
    private int heard;

    TextStream(Function<int[], String> decoding, Consumer<String> listener) {
        this.decoding = decoding;
        this.listener = listener;
    }

    void add(int token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        String text = decoding.apply(tokens);
        if (!text.endsWith(INCOMPLETE)) {
            hear(text);
        }
    }

    /** Nothing follows: what was held back is said as it is. */
    void end() {
        hear(decoding.apply(tokens));
    }

    private void hear(String text) {
        if (text.length() > heard) {
            listener.accept(text.substring(heard));
            heard = text.length();
        }
    }
}
