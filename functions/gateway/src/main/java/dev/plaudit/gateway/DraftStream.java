package dev.plaudit.gateway;

import dev.plaudit.events.Draft;
import dev.plaudit.events.DraftPiece;
import dev.plaudit.events.Simulation;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CancellationException;

/**
 * A post told while it is written, as server-sent events: {@code token} for what is said next, {@code draft} for each draft
 * that is finished, and at the end {@code post} with all of it, or {@code error} with the problem.
 *
 * <p>The events go to a sink and are not returned as a {@code Multi}: of one that cannot be sent, since the caller has just
 * hung up, Quarkus would reset the answer in such a way that it counts as under way for ever, and the server would wait for
 * it when it ends.
 *
 * @param sink that hears them, and is closed after the last
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
record DraftStream(Chain chain, SseEventSink sink, Sse sse) {
    /** Writes, on this thread. Whoever interrupts it ends that. */
    void write(Simulation simulation) {
        try {
            Simulation written = chain.run(simulation, (draft, piece) -> tell("token", new DraftPiece(draft, piece)));
            for (Draft draft : written.drafts()) {
                tell("draft", draft);
            }
            if (written.problem() == null) {
                tell("post", WrittenPost.of(written));
            } else {
                tell("error", written.problem());
            }
        } catch (CancellationException e) {
            // Nobody listens any more.
        } catch (RuntimeException e) {
            tell("error", new Failures().problem(e));
        } finally {
            sink.close();
        }
    }

    /** Sends an event; the writer goes on while it is on its way. */
    private void tell(String name, Object data) {
        try {
            sink.send(sse.newEventBuilder()
                    .name(name)
                    .mediaType(MediaType.APPLICATION_JSON_TYPE)
                    .data(data)
                    .build());
        } catch (IllegalStateException e) {
            // The caller has hung up, which interrupts the writer.
        }
    }
}
