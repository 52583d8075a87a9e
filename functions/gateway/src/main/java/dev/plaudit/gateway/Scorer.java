package dev.plaudit.gateway;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

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
        Semaphore room = new Semaphore(parallel);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ScoredPost>> scores = new ArrayList<>();
            for (Post post : posts) {
                room.acquire();
                scores.add(executor.submit(releasing(room, () -> score(post, options))));
            }
            List<ScoredPost> scored = new ArrayList<>(posts.size());
            for (Future<ScoredPost> score : scores) {
                scored.add(score.get());
            }
            return scored;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private static <T> Callable<T> releasing(Semaphore room, Callable<T> work) {
        return () -> {
            try {
                return work.call();
            } finally {
                room.release();
            }
        };
    }
}
