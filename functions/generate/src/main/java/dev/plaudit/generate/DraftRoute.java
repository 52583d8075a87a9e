package dev.plaudit.generate;

import dev.plaudit.events.DraftPiece;
import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Simulation;
import dev.plaudit.function.Caller;
import dev.plaudit.function.StandardEvents;
import dev.plaudit.function.StreamedAnswer;
import io.cloudevents.CloudEvent;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * The function for whoever accepts {@value StreamedAnswer#MEDIA_TYPE} before all else: drafts are told while they are
 * written. A route, since Funqy sends an answer as a whole. Trouble before the first piece is answered as Funqy's is; after
 * it, the answer breaks off.
 */
@ApplicationScoped
class DraftRoute {
    private static final int BEFORE_FUNCTIONS = -1;

    private final GenerateFunction function;

    DraftRoute(GenerateFunction function) {
        this.function = function;
    }

    void register(@Observes Router router) {
        router.post("/").order(BEFORE_FUNCTIONS).handler(context -> {
            if (wantsStream(context)) {
                context.vertx().executeBlocking(() -> answer(context), false).onFailure(context::fail);
            } else {
                context.next();
            }
        });
    }

    private static boolean wantsStream(RoutingContext context) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        return !accepted.isEmpty() && accepted.getFirst().value().equalsIgnoreCase(StreamedAnswer.MEDIA_TYPE);
    }

    private Void answer(RoutingContext context) throws Exception {
        CloudEvent event = StandardEvents.read(context);
        if (event.getType().equals(EventType.PROMPTED)
                && Extensions.CONTENT.equals(event.getExtension(Extensions.TASK))) {
            var prompted = StandardEvents.toFunction(event);
            Caller.of(context).whileWaiting(() -> stream(prompted, context.response()));
        } else {
            context.next();
        }
        return null;
    }

    private Void stream(io.quarkus.funqy.knative.events.CloudEvent<Simulation> prompted, HttpServerResponse response) {
        var written = function.answer(
                prompted, (draft, piece) -> begun(response).write(StreamedAnswer.token(new DraftPiece(draft, piece))));
        begun(response).end(StreamedAnswer.answer(written));
        return null;
    }

    private static HttpServerResponse begun(HttpServerResponse response) {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", StreamedAnswer.MEDIA_TYPE)
                    .putHeader("Cache-Control", "no-store");
        }
        return response;
    }
}
