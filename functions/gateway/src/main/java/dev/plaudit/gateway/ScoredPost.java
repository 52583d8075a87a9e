package dev.plaudit.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Usage;
import java.util.List;

/**
 * The answer for one post.
 *
 * @param id the post's id, as the caller gave it; absent when there was none
 * @param sights what models saw in the media, one for each; empty when none looked
 * @param engagement the predicted engagement; absent when there is a problem
 * @param usage what each step cost
 * @param problem why there is no prediction; absent when there is one
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScoredPost(String id, List<Sight> sights, Engagement engagement, List<Usage> usage, Problem problem) {
    public ScoredPost {
        sights = sights == null ? List.of() : List.copyOf(sights);
    }

    /** The answer that a finished simulation gives. */
    public static ScoredPost of(Simulation simulation) {
        return new ScoredPost(
                simulation.post().id(),
                simulation.sights(),
                simulation.engagement(),
                simulation.usage(),
                simulation.problem());
    }
}
