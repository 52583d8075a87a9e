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
        records = new CsvRecords(window, separator(window));
        CsvRecord header = records.next();
        if (header == null) {
            throw new TableException(file + " is empty: its first line must name the columns.");
        }
        if (header.defect() != null) {
            throw new TableException("The header of " + file + " cannot be read: it " + header.defect() + ".");
        }
        columns = PostColumns.of(file, header.fields(), task);
    }

    private static char separator(ByteWindow window) {
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        for (int i = 0; i < ByteWindow.MAX_ROW && window.at(i) >= 0 && (commas == 0 || window.lineEnd(i) == 0); i++) {
            switch (window.at(i)) {
                case ',' -> commas++;
                case ';' -> semicolons++;
                case '\t' -> tabs++;
                default -> {}
            }
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
