package dev.plaudit.gateway;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Scores the posts of a request, a bounded number at a time, in the order they came. */
@ApplicationScoped
class Scorer {
    private final Chain chain;
    private final int parallel;

    Scorer(StepCaller caller, GatewayConfig config) {
        this.chain = new Chain(caller);
        this.parallel = config.parallelPosts();
    }

    ScoredPost score(Post post, Options options) {
        return ScoredPost.of(chain.run(Simulation.behavior(post, options)));
    }

    List<ScoredPost> score(List<Post> posts, Options options) throws InterruptedException {
        List<Simulation> simulations =
                posts.stream().map(post -> Simulation.behavior(post, options)).toList();
        return chain.run(simulations, parallel).stream().map(ScoredPost::of).toList();
    }
}
