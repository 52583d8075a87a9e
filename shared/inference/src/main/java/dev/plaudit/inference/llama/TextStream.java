package dev.plaudit.inference.llama;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/** Text that grows token by token. */
final class TextStream {
    private final Function<int[], String> decoding;
    private final Consumer<String> listener;
    private int[] tokens = {};
    private int heard;

    /** @param decoding of tokens; further tokens change nothing of a text, but that it goes on */
    TextStream(Function<int[], String> decoding, Consumer<String> listener) {
        this.decoding = decoding;
        this.listener = listener;
    }

    void add(int token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        String text = decoding.apply(tokens);
        if (text.length() > heard) {
            listener.accept(text.substring(heard));
            heard = text.length();
        }
    }
}
