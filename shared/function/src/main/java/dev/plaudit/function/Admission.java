package dev.plaudit.function;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses an event over the capacity as soon as its headers are there, before it costs a thread: a broker that is told
 * so comes back, or finds another replica; one that waits in a queue runs into its own timeout.
 */
@ApplicationScoped
class Admission {
    private final int capacity;
    private final AtomicInteger inFlight = Metrics.gauge("plaudit.in.flight", new AtomicInteger());

    Admission(FunctionConfig config) {
        this.capacity = config.maxInFlight();
    }

    void register(@Observes Router router) {
        router.post("/").order(RouteConstants.ROUTE_ORDER_BODY_HANDLER - 1).handler(this::admit);
    }

    private void admit(RoutingContext context) {
        if (inFlight.incrementAndGet() > capacity) {
            inFlight.decrementAndGet();
            context.fail(new RejectedExecutionException(capacity + " events are in hand"));
            // The rest of the body is taken and thrown away, so that the caller gets to read the answer.
            context.request().resume();
            return;
        }
        context.addEndHandler(ended -> inFlight.decrementAndGet());
        context.next();
    }
}
