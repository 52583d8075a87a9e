package dev.plaudit.gateway;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Usage;
import java.util.List;
import java.util.stream.Stream;

/** Asks the language model for a post's like level, and the behavior chain for the reasons. Thread-safe. */
public final class Judge {
    private final Chain chain;

    public Judge(Chain chain) {
        this.chain = chain;
    }

    /** The level of a post that can be scored, explained. */
    public JudgedPost judge(Post post) {
        Simulation judged = chain.run(Simulation.level(post));
        if (judged.problem() != null) {
            return new JudgedPost(post.id(), judged.sights(), null, null, null, judged.usage(), judged.problem());
        }
        Simulation scored = chain.run(Simulation.behavior(post.seen(judged.sights()), new Options(true)));
        List<Usage> usage =
                Stream.concat(judged.usage().stream(), scored.usage().stream()).toList();
        String explanation =
                scored.problem() == null ? Explanation.of(judged.judgement().level(), scored.engagement()) : null;
        return new JudgedPost(
                post.id(),
                judged.sights(),
                judged.judgement(),
                explanation,
                scored.engagement(),
                usage,
                scored.problem());
    }
}
