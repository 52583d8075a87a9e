package dev.plaudit.gateway;

import dev.plaudit.events.Route;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.StandardEvents;
import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.Subject;
import io.cloudevents.CloudEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where the route ends, an event a {@code POST /}: the result of a job's post is kept, and by Kafka whoever reads results
 * is told. The broker's event is taken for delivered only then; told twice, or of a post that no job has, no job changes.
 *
 * <p>A route and no Funqy function, for whose sake every body would be read before REST sees it, uploads included.
 */
@ApplicationScoped
class EndRoute {
    private static final int BEFORE_FUNCTIONS = -1;
    private static final int AFTER_FUNCTIONS = RouteConstants.ROUTE_ORDER_AFTER_DEFAULT;
    private static final Set<String> ENDS = Route.EDGES.stream()
            .filter(edge -> edge.step() == Step.GATEWAY)
            .map(Route.Edge::type)
            .collect(Collectors.toSet());

    private final JobStore store;
    private final Topics topics;
    private final boolean kafka;
    private final MemorySize limit;

    EndRoute(
            JobStore store,
            Topics topics,
            GatewayConfig config,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
        this.store = store;
        this.topics = topics;
        this.kafka = config.kafka();
        this.limit = limit;
    }

    void register(@Observes Router router) {
        Handler<RoutingContext> body = BodyHandler.create(false).setBodyLimit(limit.asLongValue());
        router.post("/").order(RouteConstants.ROUTE_ORDER_BODY_HANDLER).handler(context -> {
            context.request().resume();
            body.handle(context);
        });
        event(router, BEFORE_FUNCTIONS).blockingHandler(this::take, false);
        // What nobody takes, before REST says that there is nothing at all here.
        event(router, AFTER_FUNCTIONS).handler(context -> context.fail(404));
        router.post("/").order(AFTER_FUNCTIONS).handler(context -> context.fail(406));
    }

    private static io.vertx.ext.web.Route event(Router router, int order) {
        return router.post("/").order(order).consumes("application/json").consumes("application/cloudevents+json");
    }

    private void take(RoutingContext context) {
        CloudEvent event = StandardEvents.read(context);
        if (!ENDS.contains(event.getType())) {
            context.next();
            return;
        }
        end(event);
        context.response().setStatusCode(204).end();
    }

    private void end(CloudEvent event) {
        Simulation simulation = StandardEvents.simulation(event);
        try {
            Subject.parse(event.getSubject() == null ? "" : event.getSubject())
                    .ifPresent(subject -> store.complete(subject, simulation));
        } catch (DatabaseUnavailableException e) {
            throw new RejectedExecutionException(e);
        }
        if (kafka) {
            topics.toResults(event).await().indefinitely();
        }
    }
}
