package dev.plaudit.gateway;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.tables.Formulas;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** A row for each post, the columns named as in {@code plaudit batch}; of written posts a row for each draft. */
final class CsvResults implements ResultWriter {
    private static final List<String> SCORES = List.of(
            "place",
            "id",
            "predicted_likes",
            "predicted_low",
            "predicted_high",
            "predicted_bucket",
            "predicted_level",
            "seen",
            "error");
    private static final List<String> DRAFTS = List.of("place", "id", "draft", "text", "error");

    private final CsvWriter csv;
    private final List<String> header;

    CsvResults(Task task, OutputStream out) {
        csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        header = task == Task.BEHAVIOR ? SCORES : DRAFTS;
        csv.writeRecord(header);
    }

    @Override
    public void write(int place, Simulation simulation) {
        String id = simulation.post().id();
        if (simulation.problem() != null) {
            Object[] cells = new Object[header.size()];
            cells[0] = place;
            cells[1] = id;
            cells[cells.length - 1] = simulation.problem().detail();
            row(cells);
        } else if (simulation.task() == Task.BEHAVIOR) {
            Engagement engagement = simulation.engagement();
            row(
                    place,
                    id,
                    engagement.likes(),
                    engagement.low(),
                    engagement.high(),
                    engagement.bucket().number(),
                    engagement.level().name().toLowerCase(Locale.ROOT),
                    simulation.sights().stream()
                            .map(Sight::caption)
                            .filter(Objects::nonNull)
                            .collect(Collectors.joining("; ")),
                    null);
        } else {
            for (int i = 0; i < simulation.drafts().size(); i++) {
                row(place, id, i + 1, simulation.drafts().get(i).text(), null);
            }
        }
    }

    private void row(Object... cells) {
        csv.writeRecord(Arrays.stream(cells)
                .map(cell -> cell == null ? "" : Formulas.harmless(cell.toString()))
                .toList());
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
