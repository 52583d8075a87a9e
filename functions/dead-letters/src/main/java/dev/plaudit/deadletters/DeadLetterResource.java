package dev.plaudit.deadletters;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.function.StandardEvents;
import io.cloudevents.CloudEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The broker's dead letter sink. Knative throws away what such a sink answers, so the {@code failed} event goes to the
 * broker by a call of its own; 503 asks for the letter once more.
 */
@Path("/")
public class DeadLetterResource {
    private static final Logger LOG = Logger.getLogger(DeadLetterResource.class);

    private final Sink sink;

    DeadLetterResource(Sink sink) {
        this.sink = sink;
    }

    @POST
    @RunOnVirtualThread
    public Response bury(@Context HttpHeaders headers, byte[] body) throws InterruptedException {
        CloudEvent event;
        try {
            event = StandardEvents.read(
                    header -> headers.getRequestHeaders()
                            .forEach((name, values) -> values.forEach(value -> header.accept(name, value))),
                    body);
        } catch (InvalidFieldException e) {
            return problem(Problem.of(400, "No event", e.getMessage())).build();
        }
        Optional<CloudEvent> failed = new DeadLetter(event).failed();
        LOG.warnf(
                "%s of %s could not be delivered%s",
                event.getType(), event.getSubject(), failed.isPresent() ? "" : ", and nobody is left to be told");
        try {
            if (failed.isPresent()) {
                sink.accept(failed.get());
            }
            return Response.noContent().build();
        } catch (IOException e) {
            LOG.error("a failed event could not be sent", e);
            return problem(Problem.of(503, "Sink unavailable", "the failed event could not be sent; try again"))
                    .header("Retry-After", "1")
                    .build();
        }
    }

    private static Response.ResponseBuilder problem(Problem problem) {
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(SimulationJson.write(problem));
    }
}
