package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.SimulationJson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** Scored rows as JSON Lines; what is not known is left out. */
final class JsonLinesScores implements ScoreWriter {
    /** UTF-8 has none; JSON can name it. */
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private final Writer out;
    private final List<String> predicted;

    JsonLinesScores(OutputStream out, List<String> predicted) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.predicted = predicted;
    }

    @Override
    public void write(SequencedMap<String, JsonNode> row, List<Object> added) throws IOException {
        ObjectNode line = SimulationJson.MAPPER.createObjectNode();
        line.setAll(row);
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i) != null) {
                line.putPOJO(predicted.get(i), added.get(i));
            }
        }
        out.write(LONE_SURROGATE.matcher(SimulationJson.write(line)).replaceAll(lone -> "\\\\u%04x"
                .formatted((int) lone.group().charAt(0))));
        out.write('\n');
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
