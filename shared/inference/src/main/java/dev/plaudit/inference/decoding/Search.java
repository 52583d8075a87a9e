package dev.plaudit.inference.decoding;

import java.util.List;

/** Chooses what a language model says. */
public sealed interface Search permits GreedySearch, BeamSearch {
    /** Rows of the decoder for every prompt. */
    int rowsPerPrompt();

    /**
     * Decodes until every sequence has ended.
     *
     * @param decoder stands after the prompts, each in {@link #rowsPerPrompt()} rows one after another
     * @param prompts how many there are
     * @return what is said after each prompt, without the token that ended it
     */
    List<int[]> run(Decoder decoder, int prompts);

    static Search of(GenerationConfig config) {
        return config.numBeams() == 1 ? new GreedySearch(config) : new BeamSearch(config);
    }
}
