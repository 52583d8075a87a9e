package dev.plaudit.gateway;

import dev.plaudit.events.Problem;
import dev.plaudit.function.Events;
import dev.plaudit.gateway.jobs.Dispatcher;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import dev.plaudit.gateway.jobs.Submission;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Hands the posts of jobs to a broker over HTTP, a bounded number at a time; their ends come to {@link EndRoute}. A post
 * that the broker does not take is submitted again later; one that is too large for it, or for functions, fails.
 */
@ApplicationScoped
@Typed(SinkDispatcher.class)
class SinkDispatcher implements Dispatcher {
    private static final Logger LOG = Logger.getLogger(SinkDispatcher.class);
    private static final int TOO_LARGE = 413;

    /** Bytes that steps may add to a post. */
    private static final long GROWTH = 1 << 20;

    private final URI sink;
    private final Duration timeout;
    private final long longest;
    private final StepCaller caller;
    private final JobStore store;
    private final PostWorkers workers;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    SinkDispatcher(
            GatewayConfig config,
            StepCaller caller,
            JobStore store,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize functions) {
        this.sink = config.sink().orElseThrow();
        this.timeout = config.stepTimeout();
        this.longest = functions.asLongValue() - GROWTH;
        this.caller = caller;
        this.store = store;
        this.workers = new PostWorkers(config.parallelPosts(), this::hand);
    }

    @Override
    public void submit(List<Submission> posts) throws InterruptedException {
        workers.submit(posts);
    }

    @Override
    public Set<Subject> inHand() {
        return workers.inHand();
    }

    private void hand(Submission post) throws InterruptedException {
        HttpRequest request = request(post);
        if (request.bodyPublisher().orElseThrow().contentLength() > longest) {
            refuse(post, "functions take");
            return;
        }
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == TOO_LARGE) {
                refuse(post, "the broker takes");
            } else if (status / 100 == 2) {
                store.handedOver(List.of(post));
            } else {
                throw new IOException("it answered with " + status);
            }
        } catch (IOException e) {
            LOG.warnf("the broker %s does not take the post %s now: %s", sink, post.subject(), e.getMessage());
            store.defer(post.subject());
        }
    }

    private HttpRequest request(Submission post) {
        var event = Events.submitted(
                post.subject().toString(), post.simulation(), caller.media(post.simulation()), Map.of());
        return HttpStepCaller.request(sink, event).timeout(timeout).build();
    }

    private void refuse(Submission post, String than) {
        Problem problem = Problem.of(TOO_LARGE, "Post too large", "the post is larger than " + than);
        store.complete(post.subject(), post.simulation().withProblem(problem));
    }

    @PreDestroy
    void stop() {
        workers.stop(Duration.ZERO);
    }
}
