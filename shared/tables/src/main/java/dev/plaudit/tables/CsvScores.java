package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** Scored rows as CSV (RFC 4180) in UTF-8, which has no lone surrogates: each is U+FFFD. */
final class CsvScores implements ScoreWriter {
    private final CsvWriter csv;
    private final List<String> columns;

    /** @param headed whether the header stands already */
    CsvScores(OutputStream out, List<String> columns, List<String> predicted, boolean headed) {
        this.columns = columns;
        this.csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(
                        out,
                        StandardCharsets.UTF_8
                                .newEncoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .replaceWith("\uFFFD".getBytes(StandardCharsets.UTF_8))));
        if (!headed) {
            csv.writeRecord(header(columns, predicted));
        }
    }

    static List<String> header(List<String> columns, List<String> predicted) {
        return Stream.concat(columns.stream(), predicted.stream()).toList();
    }

    @Override
    public void write(SequencedMap<String, JsonNode> row, List<Object> added) {
        List<String> cells = new ArrayList<>();
        for (String column : columns) {
            JsonNode cell = row.get(column);
            cells.add(cell == null ? "" : Cells.text(cell));
        }
        for (Object value : added) {
            cells.add(value == null ? "" : Formulas.harmless(value.toString()));
        }
        csv.writeRecord(cells);
    }

    @Override
    public void flush() throws IOException {
        csv.flush();
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
