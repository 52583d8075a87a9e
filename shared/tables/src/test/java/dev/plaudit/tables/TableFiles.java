package dev.plaudit.tables;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Tables in memory, as the tests need them. */
final class TableFiles {
    private TableFiles() {}

    static List<Row> rows(String name, String text) {
        return rows(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Row> rows(String name, byte[] bytes) {
        return rows(name, new ByteArrayInputStream(bytes));
    }

    static List<Row> rows(String name, InputStream in) {
        try (PostTable table = PostTable.open(in, name)) {
            List<Row> rows = new ArrayList<>();
            table.forEach(rows::add);
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Row.Readable readable(Row row) {
        if (row instanceof Row.Unreadable unreadable) {
            throw new AssertionError(unreadable.message());
        }
        return (Row.Readable) row;
    }

    static String message(Row row) {
        return ((Row.Unreadable) row).message();
    }

    /** The texts of readable rows; what is wrong with the others. */
    static List<String> told(List<Row> rows) {
        return rows.stream()
                .map(row -> row instanceof Row.Readable r
                        ? r.line() + " " + r.post().content()
                        : message(row))
                .toList();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    static byte[] workbook(Consumer<Worksheet> fill) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook workbook = new Workbook(out, "test", "1.0")) {
            fill.accept(workbook.newWorksheet("Posts"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
