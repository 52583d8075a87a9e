package dev.plaudit.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.SimulationJson;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * What a broker is told when an event cannot be answered: 400 for one that never can (it gives up), 503 with
 * {@code Retry-After} when there is no room (it comes back), 500 for a fault of ours; always as problem details. An answer
 * that is under way already breaks off.
 */
@ApplicationScoped
class EventFailures {
    private static final Logger LOG = Logger.getLogger(EventFailures.class);
    private static final int BEFORE_ALL_ROUTES = -1000;

    void register(@Observes Router router) {
        router.post("/").order(BEFORE_ALL_ROUTES).failureHandler(EventFailures::answer);
        router.route("/").order(BEFORE_ALL_ROUTES).handler(EventFailures::requirePost);
    }

    private static void requirePost(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.POST)) {
            context.next();
            return;
        }
        boolean reading = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        context.response().putHeader("Allow", "POST");
        tell(
                context,
                reading
                        ? Problem.of(404, "Not Found", "there is nothing to read here: events are brought by POST")
                        : Problem.of(405, "Method Not Allowed", "events are brought by POST"));
    }

    private static void answer(RoutingContext context) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (context.response().headWritten()) {
            LOG.error("an answer broke off", context.failure());
            context.request().connection().close();
            return;
        }
        Problem problem = problem(context);
        if (problem.status() == 503) {
            context.response().putHeader("Retry-After", "1");
        }
        tell(context, problem);
    }

    private static void tell(RoutingContext context, Problem problem) {
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(SimulationJson.write(problem));
    }

    private static Problem problem(RoutingContext context) {
        for (Throwable cause = context.failure(); cause != null; cause = cause.getCause()) {
            switch (cause) {
                case InvalidFieldException e -> {
                    return Problem.invalidField(e);
                }
                case JsonProcessingException e -> {
                    return Problem.invalidField(SimulationJson.invalid(e));
                }
                case UnsupportedContentException e -> {
                    return unsupported(e.getMessage());
                }
                case RejectedExecutionException e -> {
                    return Problem.of(503, "Busy", "there is no room for this event now; send it again");
                }
                default -> {}
            }
        }
        if (context.failure() == null && context.statusCode() == 406) {
            return unsupported("was " + context.request().getHeader("Content-Type"));
        }
        if (context.failure() == null && context.statusCode() == 404) {
            // Not 404 itself: a broker takes that for a service that is not there yet, and comes back.
            return Problem.invalidField(new InvalidFieldException(
                    "type", "is none that is taken here with this " + Extensions.TASK + " and " + Extensions.MEDIA));
        }
        if (context.failure() == null && context.statusCode() >= 400 && context.statusCode() < 500) {
            return Problem.of(context.statusCode(), "Refused", "the event was refused");
        }
        LOG.error("an event could not be answered", context.failure());
        return Problem.of(500, "Internal error", "the event could not be answered; see the function's log");
    }

    private static Problem unsupported(String found) {
        return Problem.of(
                415,
                "Unsupported content",
                "must be one event with JSON: application/json with its attributes as headers, or"
                        + " application/cloudevents+json; " + found);
    }
}
