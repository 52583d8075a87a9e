package dev.plaudit.gateway;

import dev.plaudit.events.Draft;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes a post several times, asks the behavior chain what each draft will get, and puts the best first. Thread-safe. */
public final class Optimizer {
    private final Chain chain;
    private final int parallel;

    /** @param parallel how many drafts are scored at a time, at least 1 */
    public Optimizer(Chain chain, int parallel) {
        this.chain = chain;
        this.parallel = parallel;
    }

    /**
     * Writes and ranks drafts: by closeness to the wish where there is one (in likes' logarithms, as they are felt), else by
     * likes. A draft that cannot be scored is left out.
     *
     * @return the grown document, its drafts ranked and scored; with a problem, and without drafts, where it has one
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public Simulation optimize(Post post, Options options) throws InterruptedException {
        Simulation written = chain.run(Simulation.content(post, options));
        if (written.problem() != null) {
            return written;
        }
        Post described = post.seen(written.sights());
        List<Draft> scorable = new ArrayList<>();
        List<Simulation> toScore = new ArrayList<>();
        for (Draft draft : written.drafts()) {
            try {
                toScore.add(Simulation.behavior(described.withContent(draft.text()), Options.DEFAULT));
                scorable.add(draft);
            } catch (InvalidFieldException e) {
                // An emoji alone, say: no fault of the caller's.
            }
        }
        List<Simulation> scored = chain.run(toScore, parallel);
        List<Draft> drafts = new ArrayList<>();
        Simulation all = written;
        for (int i = 0; i < scored.size(); i++) {
            Simulation score = scored.get(i);
            if (score.problem() == null) {
                Draft draft = scorable.get(i);
                drafts.add(new Draft(draft.text(), draft.score(), score.engagement()));
            }
            for (var usage : score.usage()) {
                all = all.plusUsage(usage);
            }
        }
        drafts.sort(best(options.wishedLikes()));
        return all.withDrafts(drafts);
    }

    private static Comparator<Draft> best(Integer wish) {
        return wish == null
                ? Comparator.comparingInt((Draft draft) -> draft.engagement().likes())
                        .reversed()
                : Comparator.comparingDouble(draft -> distance(draft.engagement(), wish));
    }

    private static double distance(Engagement engagement, int wish) {
        return Math.abs(Math.log1p(engagement.likes()) - Math.log1p(wish));
    }
}
