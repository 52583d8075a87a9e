package dev.plaudit.events;

import java.util.List;

/**
 * How well a language model thinks that a post will be liked.
 *
 * @param text what it answers in its own words when asked for the level
 * @param level the most probable one, which its words need not say
 * @param probabilities of {@link LikeLevel#LOW}, {@link LikeLevel#MEDIUM} and {@link LikeLevel#HIGH}, as it finds each
 *     answer likely, calibrated; they add up to 1
 */
public record Judgement(String text, LikeLevel level, List<Double> probabilities) {
    public Judgement {
        probabilities = List.copyOf(probabilities);
    }
}
