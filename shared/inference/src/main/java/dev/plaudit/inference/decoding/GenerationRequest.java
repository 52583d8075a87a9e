package dev.plaudit.inference.decoding;

import java.util.List;
import java.util.function.Function;

/**
 * A prompt and how the model should go on after it.
 *
 * @param text of tokens; only asked where there are stop strings
 * @param listener hears each token as it is said; not offered by beam search, where no token is certain before the end
 */
public record GenerationRequest(
        Prompt prompt, GenerationConfig config, Function<int[], String> text, TokenListener listener) {
    public GenerationRequest {
        Rule.require(
                listener == TokenListener.NONE || !(config.strategy() instanceof Strategy.Beams),
                "tokens cannot be heard one by one with num_beams: which are said is only known at the end");
    }

    /** Without a listener; stop strings are refused. */
    public static GenerationRequest of(Prompt prompt, GenerationConfig config) {
        Rule.require(config.stopStrings().isEmpty(), "stop_strings need the text of tokens");
        return of(prompt, config, tokens -> "");
    }

    /**
     * Without a listener.
     *
     * @param text of tokens
     */
    public static GenerationRequest of(Prompt prompt, GenerationConfig config, Function<int[], String> text) {
        return new GenerationRequest(prompt, config, text, TokenListener.NONE);
    }

    public GenerationRequest withListener(TokenListener listener) {
        return new GenerationRequest(prompt, config, text, listener);
    }

    /** The same, with no more tokens than there is room for. */
    GenerationRequest within(int room) {
        return new GenerationRequest(prompt, config.within(room), text, listener);
    }

    Sequence start() {
        return Sequence.after(prompt.tokens());
    }

    StoppingCriteria criteria() {
        return StoppingCriteria.of(config, text);
    }

    /** What changes the scores whatever the strategy. */
    List<LogitsProcessor> processors() {
        return LogitsProcessor.of(config, prompt.tokens().length);
    }
}
