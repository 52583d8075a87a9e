package dev.plaudit.gateway;

import dev.plaudit.events.Draft;
import dev.plaudit.events.Simulation;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.concurrent.CancellationException;

/**
 * A post told while it is written, as server-sent events: {@code token} for what is said, where the writer is in this
 * process, {@code draft} for each draft that is finished, and at the end {@code post} with all of it, or {@code error} with
 * the problem.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
record DraftStream(Chain chain, Sse sse) {
    /**
     * What is said next.
     *
     * @param draft which of those that are written at once, from 0
     */
    record Token(int draft, String text) {}

    /** Begins to write when somebody listens, and stops when nobody does any more. */
    Multi<OutboundSseEvent> of(Simulation simulation) {
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(events -> {
                    Thread writing = Thread.ofVirtual().unstarted(() -> write(simulation, events));
                    events.onTermination(writing::interrupt);
                    writing.start();
                })
                // The writer goes on while an event is on its way.
                .emitOn(Infrastructure.getDefaultExecutor());
    }

    private void write(Simulation simulation, MultiEmitter<? super OutboundSseEvent> events) {
        try {
            Simulation written =
                    chain.run(simulation, (draft, piece) -> events.emit(event("token", new Token(draft, piece))));
            for (Draft draft : written.drafts()) {
                events.emit(event("draft", draft));
            }
            events.emit(
                    written.problem() == null
                            ? event("post", WrittenPost.of(written))
                            : event("error", written.problem()));
        } catch (CancellationException e) {
            // Nobody listens any more.
        } catch (RuntimeException e) {
            events.emit(event("error", new Failures().problem(e)));
        }
        events.complete();
    }

    private OutboundSseEvent event(String name, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data)
                .build();
    }
}
