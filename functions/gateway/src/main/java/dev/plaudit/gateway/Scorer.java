package dev.plaudit.gateway;

import dev.plaudit.events.Simulation;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Scores the posts of a request, a bounded number at a time, in the order they came. */
@ApplicationScoped
class Scorer {
    private final Chain chain;
    private final Duration timeout;
    private final int parallel;

    Scorer(StepCaller caller, GatewayConfig config) {
        this.chain = new Chain(caller);
        this.timeout = config.timeout();
        this.parallel = config.parallelPosts();
    }

    List<ScoredPost> score(List<Simulation> simulations) {
        try {
            return chain.within(timeout).run(simulations, parallel).stream()
                    .map(ScoredPost::of)
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
