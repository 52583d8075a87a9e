package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.SequencedMap;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Scored rows as a workbook of one sheet, streamed out as it grows. Longer texts are cut to what a cell can hold; a number that
 * none can hold is a text.
 */
final class WorkbookScores implements ScoreWriter {
    private static final int MAX_CELL = 32_767;
    private static final int FLUSH_ROWS = 256;

    private final String name;
    private final OutputStream out;
    private final Workbook workbook;
    private final Worksheet sheet;
    private final List<String> columns;
    private int row;

    WorkbookScores(String name, OutputStream out, List<String> columns, List<String> predicted) {
        this.name = name;
        this.out = out;
        this.workbook = new Workbook(out, "Plaudit", "1.0");
        this.sheet = workbook.newWorksheet("Scores");
        this.columns = columns;
        List<String> header = CsvScores.header(columns, predicted);
        for (int i = 0; i < header.size(); i++) {
            sheet.inlineString(0, i, cut(header.get(i)));
        }
    }

    @Override
    public void write(SequencedMap<String, JsonNode> cells, List<Object> added) throws IOException {
        if (++row >= Worksheet.MAX_ROWS) {
            throw new TableException(name + " is full, no sheet has more rows: write .csv or .jsonl.");
        }
        int at = 0;
        for (String column : columns) {
            JsonNode cell = cells.get(column);
            if (cell != null && isHeld(cell)) {
                sheet.value(row, at, cell.numberValue());
            } else if (cell != null && !Cells.text(cell).isEmpty()) {
                sheet.inlineString(row, at, cut(Cells.text(cell)));
            }
            at++;
        }
        for (Object value : added) {
            if (value instanceof Number number) {
                sheet.value(row, at, number);
            } else if (value != null) {
                sheet.inlineString(row, at, cut(value.toString()));
            }
            at++;
        }
        if (row % FLUSH_ROWS == 0) {
            sheet.flush();
        }
    }

    /** Whether it is a number that is the same as a double, which is what a spreadsheet makes of it. */
    private static boolean isHeld(JsonNode cell) {
        double held = cell.doubleValue();
        return cell.isNumber()
                && Double.isFinite(held)
                && (!cell.isIntegralNumber() || new BigDecimal(held).compareTo(cell.decimalValue()) == 0);
    }

    private static String cut(String text) {
        return text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL - 1) + "…";
    }

    @Override
    public void flush() {
        // a zip archive is whole only with its directory, which comes last
    }

    @Override
    public void close() throws IOException {
        try (out) {
            workbook.close();
        }
    }
}
