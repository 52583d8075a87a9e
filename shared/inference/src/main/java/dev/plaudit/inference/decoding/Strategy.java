package dev.plaudit.inference.decoding;

/** How the next tokens are chosen. */
public sealed interface Strategy {
    /** The likeliest token, again and again. */
    record Greedy() implements Strategy {}

    /**
     * A token drawn by its probability, after the scores were divided by the temperature and the unlikely tokens left out,
     * by {@code top_k}, {@code top_p} and {@code min_p} in this order.
     *
     * @param temperature above 0: below 1 the likely become likelier, above 1 less likely
     * @param topK only so many of the likeliest tokens, and what is as likely as the last of them; 0 for all
     * @param topP only the likeliest tokens whose probabilities together reach this, from 0 to 1; 1 for all
     * @param minP only tokens that are at least this times as likely as the likeliest, from 0 to 1; 0 for all
     * @param seed the same seed draws the same
     */
    record Sampling(double temperature, int topK, double topP, double minP, long seed) implements Strategy {
        public Sampling {
            Rule.require(
                    temperature > 0 && Double.isFinite(temperature),
                    "temperature must be a positive number, but is %s; do_sample false takes the likeliest token",
                    temperature);
            Rule.require(topK >= 0, "top_k must be at least 0, but is %s", topK);
            Rule.require(topP >= 0 && topP <= 1, "top_p must be from 0 to 1, but is %s", topP);
            Rule.require(minP >= 0 && minP <= 1, "min_p must be from 0 to 1, but is %s", minP);
        }

        public Sampling withSeed(long seed) {
            return new Sampling(temperature, topK, topP, minP, seed);
        }
    }

    /**
     * Several sequences at once, of which the likeliest survive.
     *
     * @param numBeams sequences that are followed, at least 1
     * @param lengthPenalty exponent of a finished sequence's length, by which its summed log-probability is divided: above
     *     0 favours long sequences, below 0 short ones
     * @param earlyStopping when there are enough finished ones
     */
    record Beams(int numBeams, double lengthPenalty, EarlyStopping earlyStopping) implements Strategy {
        public Beams {
            Rule.require(numBeams >= 1, "num_beams must be at least 1, but is %s", numBeams);
            Rule.require(
                    Double.isFinite(lengthPenalty), "length_penalty must be a finite number, but is %s", lengthPenalty);
        }
    }
}
