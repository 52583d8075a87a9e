package dev.plaudit.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.SimulationJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An event of a stream, with JSON as its data. */
record ServerSentEvent(String name, JsonNode data) {
    /** All events of a whole stream. */
    static List<ServerSentEvent> all(String stream) {
        return Arrays.stream(stream.strip().split("\n\n"))
                .map(ServerSentEvent::of)
                .toList();
    }

    private static ServerSentEvent of(String text) {
        String name = null;
        StringBuilder data = new StringBuilder();
        for (String line : text.split("\n")) {
            if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5));
            }
        }
        return new ServerSentEvent(name, SimulationJson.read(data.toString(), JsonNode.class));
    }

    /** What the pieces of each draft are together, less the blanks around it. */
    static List<String> said(List<ServerSentEvent> events, int drafts) {
        List<StringBuilder> said = new ArrayList<>();
        for (int draft = 0; draft < drafts; draft++) {
            said.add(new StringBuilder());
        }
        events.stream().filter(event -> event.name().equals("token")).forEach(event -> said.get(
                        event.data().get("draft").asInt())
                .append(event.data().get("text").asText()));
        return said.stream().map(draft -> draft.toString().strip()).toList();
    }
}
