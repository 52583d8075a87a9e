package dev.plaudit.gateway;

import dev.plaudit.events.Problem;
import dev.plaudit.events.SimulationJson;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Says in problem details that a body is too large, and lets the caller finish sending it, unread: left to itself the
 * server would answer 413 and nothing else, and hang up on a caller who still sends. And an empty body counts as none: beside
 * functions, REST would wait a minute for one that Funqy has read.
 */
@ApplicationScoped
class BodyLimit {
    private static final int BEFORE_ALL_ROUTES = Integer.MIN_VALUE;

    private final MemorySize limit;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
        this.limit = limit;
    }

    void register(@Observes Router router) {
        router.route("/v1/*").order(BEFORE_ALL_ROUTES).handler(this::check);
    }

    private void check(RoutingContext context) {
        String length = context.request().getHeader("Content-Length");
        if (length == null || Long.parseLong(length) <= limit.asLongValue()) {
            if (length != null && Long.parseLong(length) == 0) {
                context.request().headers().remove("Content-Length");
            }
            context.next();
            return;
        }
        Problem problem = Problem.of(
                413, "Body too large", "the body must be at most " + limit.asLongValue() + " bytes, was " + length);
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(SimulationJson.write(problem));
        context.request().resume();
    }
}
