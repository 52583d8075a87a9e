package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.function.DraftListener;
import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.Dispatcher;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import dev.plaudit.gateway.jobs.Submission;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** Takes the posts of jobs along the route itself, a bounded number at a time. */
@ApplicationScoped
@DefaultBean
class LocalDispatcher implements Dispatcher {
    private static final Logger LOG = Logger.getLogger(LocalDispatcher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(15);

    private final Chain chain;
    private final JobStore store;
    private final PostWorkers workers;

    LocalDispatcher(StepCaller caller, JobStore store, GatewayConfig config) {
        this.chain = new Chain(caller);
        this.store = store;
        this.workers = new PostWorkers(config.parallelPosts(), this::run);
    }

    @Override
    public void submit(List<Submission> posts) throws InterruptedException {
        workers.submit(posts);
    }

    @Override
    public Set<Subject> inHand() {
        return workers.inHand();
    }

    private void run(Submission post) throws InterruptedException {
        Simulation result;
        try {
            result = chain.run(post.subject().toString(), post.simulation(), DraftListener.NONE);
        } catch (InvalidFieldException e) {
            result = post.simulation().withProblem(Problem.invalidField(e));
        } catch (RuntimeException e) {
            LOG.debugf(e, "the post %s is submitted again soon", post.subject());
            store.defer(post.subject());
            return;
        }
        while (!isStored(post, result)) {
            Thread.sleep(PATIENCE);
        }
    }

    private boolean isStored(Submission post, Simulation result) {
        try {
            store.complete(post.subject(), result);
            return true;
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }

    /** Lets what is in hand finish; the rest is submitted again by whoever comes after. */
    void stop(@Observes ShutdownEvent event) {
        workers.stop(DRAIN);
    }
}
