package dev.plaudit.gateway;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A line for each post: its place, and what {@code POST /v1/score} or {@code /v1/generate} would answer. */
final class JsonLinesResults implements ResultWriter {
    private record Line(int place, @JsonUnwrapped Object answer) {}

    private final Writer out;

    JsonLinesResults(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public void write(int place, Simulation simulation) throws IOException {
        Object answer = simulation.task() == Task.CONTENT ? WrittenPost.of(simulation) : ScoredPost.of(simulation);
        out.write(SimulationJson.write(new Line(place, answer)));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
