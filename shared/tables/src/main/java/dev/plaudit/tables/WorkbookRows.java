package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plaudit.events.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;

/** The rows of a workbook's first sheet, below its first row that is not blank, which names the columns. */
final class WorkbookRows implements RowReader {
    private static final LocalDateTime EPOCH_1900 = LocalDateTime.of(1899, 12, 30, 0, 0);
    private static final LocalDateTime EPOCH_1904 = LocalDateTime.of(1904, 1, 1, 0, 0);
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long MAX_DAYS = 2_958_465;
    private static final int MAX_DIGITS = 400;

    private final Path file;
    private final boolean temporary;
    private final ReadableWorkbook workbook;
    private final Stream<org.dhatim.fastexcel.reader.Row> stream;
    private final Iterator<org.dhatim.fastexcel.reader.Row> rows;
    private final PostColumns columns;
    private final List<Optional<Column>> meanings;
    private long line;
    private boolean broken;

    /** @param temporary whether to delete the file in the end */
    WorkbookRows(String name, Path file, boolean temporary, Task task) throws IOException {
        WorkbookCheck.require(name, file);
        this.file = file;
        this.temporary = temporary;
        ReadableWorkbook opened = null;
        try {
            opened = new ReadableWorkbook(file.toFile());
            workbook = opened;
            stream = workbook.getFirstSheet().openStream();
            rows = stream.iterator();
            columns = PostColumns.of(name, header(name), task);
            meanings = columns.names().stream()
                    .map(column -> Optional.ofNullable(Column.named(column)))
                    .toList();
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            throw e instanceof TableException table
                    ? table
                    : new TableException(name + " is no Excel workbook: it is damaged or something else.", e);
        }
    }

    private List<String> header(String name) {
        while (rows.hasNext()) {
            List<JsonNode> cells = cells(rows.next());
            if (!cells.isEmpty()) {
                return cells.stream().map(Cells::text).toList();
            }
        }
        throw new TableException(name + " is empty: the first row of its first sheet must name the columns.");
    }

    @Override
    public List<String> columns() {
        return columns.names();
    }

    @Override
    public Row next() {
        try {
            while (!broken && rows.hasNext()) {
                org.dhatim.fastexcel.reader.Row row = rows.next();
                line = row.getRowNum();
                List<JsonNode> cells = cells(row);
                if (!cells.isEmpty()) {
                    return row(row, cells);
                }
            }
            return null;
        } catch (RuntimeException e) {
            broken = true;
            return new Row.Unreadable(
                    line + 1, new LinkedHashMap<>(), "$", "the sheet is damaged from here on: " + e.getMessage());
        }
    }

    private Row row(org.dhatim.fastexcel.reader.Row row, List<JsonNode> cells) {
        while (cells.size() < meanings.size()) {
            cells.add(TextNode.valueOf(""));
        }
        for (int i = 0; i < Math.min(meanings.size(), row.getCellCount()); i++) {
            Cell cell = row.getCell(i);
            if (cell == null || meanings.get(i).isEmpty()) {
                continue;
            }
            String defect = defect(cell);
            if (defect != null) {
                return new Row.Unreadable(
                        line,
                        Cells.named(columns.names(), cells),
                        columns.names().get(i),
                        defect);
            }
            if (meanings.get(i).get() == Column.DATE && cells.get(i) instanceof DecimalNode serial) {
                cells.set(i, TextNode.valueOf(date(serial.decimalValue()).toString()));
            }
        }
        return columns.row(line, cells);
    }

    /** Why a cell says nothing; null when it says something or is blank. */
    private static String defect(Cell cell) {
        if (cell.getType() == CellType.ERROR) {
            return "holds the error " + cell.getText() + " in cell " + cell.getAddress();
        }
        return isUncomputed(cell) ? "holds a formula that was never computed in cell " + cell.getAddress() : null;
    }

    private static boolean isUncomputed(Cell cell) {
        return cell.getType() == CellType.FORMULA && cell.getRawValue() == null;
    }

    /** The cells up to the last that is not blank. */
    private static List<JsonNode> cells(org.dhatim.fastexcel.reader.Row row) {
        List<JsonNode> cells = new ArrayList<>();
        int blank = 0;
        for (Cell cell : row) {
            JsonNode value = value(cell);
            blank = value.isTextual() && value.textValue().isBlank() ? blank + 1 : 0;
            cells.add(value);
        }
        return new ArrayList<>(cells.subList(0, cells.size() - blank));
    }

    private static JsonNode value(Cell cell) {
        return switch (cell == null ? null : cell.getValue()) {
            case null -> cell != null && isUncomputed(cell) ? NullNode.instance : TextNode.valueOf("");
            case BigDecimal number
            when Math.abs(number.scale()) <= MAX_DIGITS && number.precision() <= MAX_DIGITS ->
                DecimalNode.valueOf(new BigDecimal(number.stripTrailingZeros().toPlainString()));
            case Boolean truth -> BooleanNode.valueOf(truth);
            case Object text -> TextNode.valueOf(text.toString());
        };
    }

    /** The moment that a workbook's serial date stands for, to the second (ECMA-376 part 1, section 18.17.4.1). */
    private LocalDateTime date(BigDecimal serial) {
        LocalDateTime epoch = workbook.isDate1904() ? EPOCH_1904 : EPOCH_1900;
        long days = Math.clamp(serial.longValue(), 0, MAX_DAYS);
        long seconds = Math.round(serial.remainder(BigDecimal.ONE).doubleValue() * SECONDS_PER_DAY);
        return epoch.plusDays(days).plusSeconds(seconds);
    }

    @Override
    public void close() throws IOException {
        stream.close();
        workbook.close();
        if (temporary) {
            Files.delete(file);
        }
    }
}
