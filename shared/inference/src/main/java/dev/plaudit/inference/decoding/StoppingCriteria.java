package dev.plaudit.inference.decoding;

import dev.plaudit.inference.decoding.Generated.Ending;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * When a sequence ends.
 *
 * @param ends tokens that end it and are no part of it
 * @param maxNewTokens its most tokens
 * @param stopStrings texts that end it when they come
 * @param text of tokens
 */
record StoppingCriteria(Set<Integer> ends, int maxNewTokens, List<String> stopStrings, Function<int[], String> text) {
    static StoppingCriteria of(GenerationConfig config, Function<int[], String> text) {
        return new StoppingCriteria(config.eosTokenIds(), config.maxNewTokens(), config.stopStrings(), text);
    }

    /** What the sequence is when one more token ends it; empty when it goes on. */
    Optional<Generated> ended(Sequence sequence, int token) {
        if (ends.contains(token)) {
            return Optional.of(sequence.ended(Ending.TOKEN));
        }
        Sequence longer = sequence.with(token);
        if (stops(longer)) {
            return Optional.of(longer.ended(Ending.STOP_STRING));
        }
        return longer.length() == maxNewTokens ? Optional.of(longer.ended(Ending.LENGTH)) : Optional.empty();
    }

    /** Whether a stop string has come. It can have begun many tokens ago and end within the last one. */
    private boolean stops(Sequence sequence) {
        if (stopStrings.isEmpty()) {
            return false;
        }
        String said = text.apply(sequence.said());
        return stopStrings.stream().anyMatch(said::contains);
    }
}
