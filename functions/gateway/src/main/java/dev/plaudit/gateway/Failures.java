package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.gateway.jobs.DatabaseUnavailableException;
import dev.plaudit.gateway.jobs.IdempotencyException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure is answered as problem details (RFC 9457). */
class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class);
    private static final String RETRY_SECONDS = "1";
    private static final String DATABASE_RETRY_SECONDS = "5";

    @ServerExceptionMapper
    Response invalid(InvalidFieldException e) {
        return response(Problem.invalidField(e)).build();
    }

    @ServerExceptionMapper
    Response busy(RejectedExecutionException e) {
        return response(Problem.of(503, "Busy", "there is no room now; try again"))
                .header("Retry-After", RETRY_SECONDS)
                .build();
    }

    @ServerExceptionMapper
    Response unavailable(StepUnavailableException e) {
        LOG.warn(e.getMessage(), e.getCause());
        return switch (e.reason()) {
            case LATE ->
                response(Problem.of(504, "Step timed out", e.getMessage())).build();
            case BUSY, UNREACHABLE, BROKEN, LEFT_ALONE ->
                response(Problem.of(503, "Step unavailable", e.getMessage()))
                        .header("Retry-After", Math.max(1, e.retryAfter().toSeconds()))
                        .build();
        };
    }

    @ServerExceptionMapper
    Response unavailable(DatabaseUnavailableException e) {
        LOG.warn(e.getMessage(), e.getCause());
        return response(Problem.of(503, "Database unavailable", e.getMessage() + "; try again"))
                .header("Retry-After", DATABASE_RETRY_SECONDS)
                .build();
    }

    @ServerExceptionMapper
    Response key(IdempotencyException e) {
        return response(Problem.of(e.status(), e.status() == 409 ? "Key in use" : "Key used before", e.getMessage()))
                .build();
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        return response(Problem.of(status.getStatusCode(), status.getReasonPhrase(), e.getMessage()))
                .build();
    }

    /** RFC 9110, section 15.5.6, wants to hear of the methods that there are. */
    @ServerExceptionMapper
    Response refused(NotAllowedException e, UriInfo uri) {
        return Response.fromResponse(refused(e))
                .header("Allow", methods(uri.getPath()))
                .build();
    }

    private static String methods(String path) {
        if (!path.startsWith("/v1/jobs")) {
            return "POST";
        }
        return switch (path.split("/").length) {
            case 3 -> "GET, HEAD, POST";
            case 4 -> "DELETE, GET, HEAD";
            default -> "GET, HEAD";
        };
    }

    @ServerExceptionMapper
    Response fault(Exception e) {
        LOG.error("a request could not be answered", e);
        return response(Problem.of(500, "Internal error", "the request could not be answered; see the gateway's log"))
                .build();
    }

    /** Nobody reads the answer. */
    @ServerExceptionMapper
    Response abandoned(CancellationException e) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
    }

    /** The problem that a failure is answered with. */
    Problem problem(Exception failure) {
        Response response =
                switch (failure) {
                    case InvalidFieldException e -> invalid(e);
                    case RejectedExecutionException e -> busy(e);
                    case StepUnavailableException e -> unavailable(e);
                    default -> fault(failure);
                };
        return (Problem) response.getEntity();
    }

    private static Response.ResponseBuilder response(Problem problem) {
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(problem);
    }
}
