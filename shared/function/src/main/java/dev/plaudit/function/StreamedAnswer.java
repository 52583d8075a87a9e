package dev.plaudit.function;

import dev.plaudit.events.DraftPiece;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import io.cloudevents.jackson.JsonFormat;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.nio.charset.StandardCharsets;

/**
 * How a function answers whoever wants to hear drafts while they are written: server-sent events, {@value #TOKEN} for each
 * {@link DraftPiece} and at the end {@value #ANSWER}, the event that it answers otherwise, in the JSON event format.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
public final class StreamedAnswer {
    /** What such an answer is asked for by. */
    public static final String MEDIA_TYPE = "text/event-stream";

    public static final String TOKEN = "token";
    public static final String ANSWER = "answer";

    private static final JsonFormat FORMAT = new JsonFormat();

    private StreamedAnswer() {}

    /** The piece of a draft, as it goes over the wire. */
    public static String token(DraftPiece piece) {
        return event(TOKEN, SimulationJson.write(piece));
    }

    /** The end of the answer, as it goes over the wire. */
    public static String answer(CloudEvent<Simulation> event) {
        return event(ANSWER, new String(FORMAT.serialize(StandardEvents.of(event)), StandardCharsets.UTF_8));
    }

    /** @param json on one line */
    private static String event(String name, String json) {
        return "event: " + name + "\ndata: " + json + "\n\n";
    }
}
