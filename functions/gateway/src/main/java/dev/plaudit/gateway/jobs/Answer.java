package dev.plaudit.gateway.jobs;

import dev.plaudit.events.SimulationJson;
import java.util.Map;

/**
 * An answer over HTTP that can be kept and given again.
 *
 * @param headers beside the content type, which is JSON
 * @param body a JSON document
 */
public record Answer(int status, Map<String, String> headers, String body) {
    /** An answer that says this document. */
    public static Answer of(int status, Map<String, String> headers, Object document) {
        return new Answer(status, headers, SimulationJson.write(document));
    }
}
