package dev.plaudit.inference.decoding;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** A search for what a model says after a prompt. */
sealed interface GeneratingSearch extends Search permits IndependentSearch, BeamSearch {
    /** What was found, the best first of beam search. Complete after the last step. */
    List<Generated> generated();

    static GeneratingSearch of(GenerationRequest request) {
        return switch (request.config().strategy()) {
            case Strategy.Greedy greedy -> new IndependentSearch(request, List.of(), List.of(Scores::best));
            case Strategy.Sampling sampling ->
                new IndependentSearch(
                        request,
                        LogitsProcessor.of(sampling),
                        generators(sampling.seed())
                                .limit(request.config().numReturnSequences())
                                .<IndependentSearch.Choice>map(random -> scores -> scores.draw(random.nextDouble()))
                                .toList());
            case Strategy.Beams beams -> new BeamSearch(request, beams);
        };
    }

    /** One for each sequence, so that what one says does not hang on how long another goes on. */
    private static Stream<RandomGenerator> generators(long seed) {
        return RandomGeneratorFactory.<RandomGenerator.SplittableGenerator>of("L64X128MixRandom")
                .create(seed)
                .splits()
                .map(RandomGenerator.class::cast);
    }
}
