package dev.plaudit.tables;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.plaudit.events.Task;
import dev.plaudit.tables.CsvRecords.CsvRecord;
import java.io.IOException;
import java.util.List;

/** The rows of a CSV with a header; its fields are separated by commas, semicolons or tabs, whichever the header has. */
final class CsvRows implements RowReader {
    private final CsvRecords records;
    private final PostColumns columns;

    CsvRows(String file, ByteWindow window, Task task) {
        records = new CsvRecords(window, separator(window), CsvRecords.MAX_LINES);
        CsvRecord header = records.next();
        if (header == null) {
            throw new TableException(file + " is empty: its first line must name the columns.");
        }
        if (header.defect() != null) {
            throw new TableException("The header of " + file + " cannot be read: it " + header.defect() + ".");
        }
        columns = PostColumns.of(file, header.fields(), task);
    }

    /** The header ends at the first line end outside of quotes, blank lines before it passed over. */
    private static char separator(ByteWindow window) {
        int start = 0;
        while (start < ByteWindow.MAX_ROW && window.lineEnd(start) > 0) {
            start++;
        }
        boolean quoted = false;
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        for (int i = start; i < ByteWindow.MAX_ROW && window.at(i) >= 0 && (quoted || window.lineEnd(i) == 0); i++) {
            int b = window.at(i);
            quoted ^= b == '"';
            commas += !quoted && b == ',' ? 1 : 0;
            semicolons += !quoted && b == ';' ? 1 : 0;
            tabs += !quoted && b == '\t' ? 1 : 0;
        }
        return commas >= semicolons && commas >= tabs ? ',' : semicolons >= tabs ? ';' : '\t';
    }

    @Override
    public List<String> columns() {
        return columns.names();
    }

    @Override
    public Row next() {
        CsvRecord record = records.next();
        if (record == null) {
            return null;
        }
        if (record.defect() != null) {
            return new Row.Unreadable(record.line(), Cells.named(List.of(), List.of()), "$", record.defect());
        }
        List<TextNode> cells = record.fields().stream().map(TextNode::valueOf).toList();
        return columns.row(record.line(), cells);
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
