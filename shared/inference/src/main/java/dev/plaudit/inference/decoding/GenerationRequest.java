package dev.plaudit.inference.decoding;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A prompt and how the model should go on after it.
 *
 * @param text of tokens; only asked where there are stop strings
 * @param forbidden runs of tokens that may not be said
 * @param listener hears each token as it is said; not offered by beam search, where no token is certain before the end
 */
public record GenerationRequest(
        Prompt prompt,
        GenerationConfig config,
        Function<int[], String> text,
        Optional<NgramIndex> forbidden,
        TokenListener listener) {
    public GenerationRequest {
        Rule.require(
                listener == TokenListener.NONE || !(config.strategy() instanceof Strategy.Beams),
                "tokens cannot be heard one by one with num_beams: which are said is only known at the end");
    }

    /** Without a listener and forbidden runs; stop strings are refused. */
    public static GenerationRequest of(Prompt prompt, GenerationConfig config) {
        Rule.require(config.stopStrings().isEmpty(), "stop_strings need the text of tokens");
        return of(prompt, config, tokens -> "");
    }

    /**
     * Without a listener and forbidden runs.
     *
     * @param text of tokens
     */
    public static GenerationRequest of(Prompt prompt, GenerationConfig config, Function<int[], String> text) {
        return new GenerationRequest(prompt, config, text, Optional.empty(), TokenListener.NONE);
    }

    public GenerationRequest withListener(TokenListener listener) {
        return new GenerationRequest(prompt, config, text, forbidden, listener);
    }

    /** @param runs of tokens that may not be said; to be closed after the request is done */
    public GenerationRequest withForbidden(NgramIndex runs) {
        return new GenerationRequest(prompt, config, text, Optional.of(runs), listener);
    }

    /** The same, with no more tokens than there is room for. */
    GenerationRequest within(int room) {
        return new GenerationRequest(prompt, config.within(room), text, forbidden, listener);
    }

    Sequence start() {
        return Sequence.after(prompt.tokens());
    }

    StoppingCriteria criteria() {
        return StoppingCriteria.of(config, text);
    }

    /** What changes the scores whatever the strategy; as in Hugging Face a caller's own come after the rest. */
    List<LogitsProcessor> processors() {
        return Stream.concat(
                        LogitsProcessor.of(config, prompt.tokens().length).stream(),
                        forbidden.map(LogitsProcessor.ForbiddenNgrams::new).stream())
                .toList();
    }
}
