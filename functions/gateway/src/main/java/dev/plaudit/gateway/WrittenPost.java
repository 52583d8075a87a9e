package dev.plaudit.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plaudit.events.Draft;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Usage;
import java.util.List;

/**
 * A post that was written.
 *
 * @param id the post's id, as the caller gave it; absent when there was none
 * @param sights what models saw and read in the media, one for each; empty when none looked
 * @param drafts the texts, the best first; empty when there is a problem
 * @param usage what each step cost
 * @param problem why there is none; absent when there is one
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WrittenPost(String id, List<Sight> sights, List<Draft> drafts, List<Usage> usage, Problem problem) {
    /** What a finished simulation gives. */
    public static WrittenPost of(Simulation simulation) {
        return new WrittenPost(
                simulation.post().id(),
                simulation.sights(),
                simulation.drafts(),
                simulation.usage(),
                simulation.problem());
    }
}
