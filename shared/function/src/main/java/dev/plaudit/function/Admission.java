package dev.plaudit.function;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses an event over the capacity as soon as its headers are there, before it costs a thread: a broker that is told
 * so comes back, or finds another replica; one that waits in a queue runs into its own timeout.
 */
@ApplicationScoped
class Admission {
    private static final int SHARE_OF_HEAP = 10;

    private final int capacity;
    private final long byteCapacity;
    private final long mostBytes;
    private final AtomicInteger inFlight = Metrics.gauge("plaudit.in.flight", new AtomicInteger());
    private final AtomicLong bytesInFlight = new AtomicLong();

    Admission(FunctionConfig config, @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize mostBytes) {
        this.capacity = config.maxInFlight();
        this.byteCapacity =
                config.maxInFlightBytes().orElse(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        this.mostBytes = mostBytes.asLongValue();
    }

    void register(@Observes Router router) {
        router.post("/").order(RouteConstants.ROUTE_ORDER_BODY_HANDLER - 1).handler(this::admit);
    }

    private void admit(RoutingContext context) {
        long bytes = length(context.request());
        boolean fits = inFlight.incrementAndGet() <= capacity;
        long before = bytesInFlight.getAndAdd(bytes);
        if (!fits || before > 0 && before + bytes > byteCapacity) {
            leave(bytes);
            context.fail(new RejectedExecutionException("as much is in hand as there is room for"));
            // The rest of the body is taken and thrown away, so that the caller gets to read the answer.
            context.request().resume();
            return;
        }
        context.addEndHandler(ended -> leave(bytes));
        context.next();
    }

    /** In bytes; as long as may be where the caller does not say. */
    private long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? mostBytes : Long.parseLong(length);
    }

    private void leave(long bytes) {
        inFlight.decrementAndGet();
        bytesInFlight.addAndGet(-bytes);
    }
}
