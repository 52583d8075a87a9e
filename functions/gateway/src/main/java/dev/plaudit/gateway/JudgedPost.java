package dev.plaudit.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.Judgement;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Usage;
import java.util.List;

/**
 * A post whose like level was told.
 *
 * @param id the post's id, as the caller gave it; absent when there was none
 * @param sights what models saw in the media, one for each; empty when none looked
 * @param judgement what the language model says; absent when there is a problem with that
 * @param explanation why, in a sentence made of the drivers of the engagement; absent when there is a problem
 * @param engagement what the behavior chain predicts, and what moved that; absent when there is a problem
 * @param usage what each step cost
 * @param problem why something is absent; absent when nothing is
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JudgedPost(
        String id,
        List<Sight> sights,
        Judgement judgement,
        String explanation,
        Engagement engagement,
        List<Usage> usage,
        Problem problem) {}
