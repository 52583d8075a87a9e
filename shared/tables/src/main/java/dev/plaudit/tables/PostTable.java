package dev.plaudit.tables;

import dev.plaudit.events.Task;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A table of posts that is read row by row, in memory that does not grow with it: CSV with a header (commas, semicolons or
 * tabs), JSON Lines, either of them through gzip, or the first sheet of an Excel workbook ({@code .xlsx}). What a file
 * holds says which it is; its name only decides between CSV and JSON Lines when the content could be both.
 *
 * <p>The columns that make a post, in any order and any case, with spaces, underscores or neither: {@code id},
 * {@code date}, {@code content} or {@code text}, {@code username} or {@code account}, {@code media} (see
 * {@link MediaRepr}), {@code inferred company} or {@code company}, {@code caption} (of the first medium, or of a photo when
 * there is none), {@code followers}, {@code location}, {@code typical likes} and {@code likes}. Others are carried along. A
 * line of JSON Lines is a {@link dev.plaudit.events.Post}, beside which {@code caption} and {@code likes} may stand.
 *
 * <p>A row that is no post comes as {@link Row.Unreadable} and the next goes on, whatever it was: an unclosed quote, too
 * few columns, bytes that are no UTF-8, a bad value, or gzip data that end too soon. Iterates once. Not thread-safe.
 */
public final class PostTable implements Iterable<Row>, Closeable {
    private static final int HEAD = 64;

    private final RowReader rows;
    private final Path jsonLines;
    private boolean iterated;

    private PostTable(RowReader rows, Path jsonLines) {
        this.rows = rows;
        this.jsonLines = jsonLines;
    }

    /**
     * Opens a file.
     *
     * @throws TableException when it is not there, is empty, is of another kind, or lacks the columns that its posts need
     */
    public static PostTable open(Path file) {
        try {
            return open(Files.newInputStream(file), file.getFileName().toString(), file, Task.BEHAVIOR);
        } catch (NoSuchFileException e) {
            throw new TableException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new TableException(file + " cannot be read: " + TableException.reason(e) + ".", e);
        }
    }

    /** Opens what a stream brings, posts to be scored; otherwise as {@link #open(InputStream, String, Task)}. */
    public static PostTable open(InputStream in, String name) {
        return open(in, name, Task.BEHAVIOR);
    }

    /**
     * Opens what a stream brings. A workbook is put into a temporary file first.
     *
     * @param in closed with the table
     * @param name the file name to go by and to speak of
     * @param task what the posts must be fit for
     * @throws TableException as {@link #open(Path)}
     */
    public static PostTable open(InputStream in, String name, Task task) {
        try {
            return open(in, name, null, task);
        } catch (IOException e) {
            throw new TableException(name + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static PostTable open(InputStream raw, String name, Path file, Task task) throws IOException {
        InputStream in = new BufferedInputStream(raw, 1 << 16);
        try {
            in.mark(HEAD);
            byte[] head = in.readNBytes(HEAD);
            in.reset();
            if (startsWith(head, 'P', 'K')) {
                return new PostTable(workbook(in, name, file, task), null);
            }
            boolean gzip = startsWith(head, 0x1f, 0x8b);
            return text(new ByteWindow(gzip ? new GZIPInputStream(in, 1 << 16) : in), name, file, task);
        } catch (EOFException | ZipException e) {
            in.close();
            throw noWholeGzip(name);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static TableException noWholeGzip(String name) {
        return new TableException(name + " is no whole gzip file: nothing in it can be read.");
    }

    private static PostTable text(ByteWindow window, String name, Path file, Task task) {
        byte[] head = window.head(HEAD);
        String plainName = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (head.length == 0 && window.damage() != null) {
            throw noWholeGzip(name);
        }
        if (head.length == 0) {
            throw new TableException(name + " is empty: its first line must name the columns.");
        }
        if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) {
            throw new TableException(name + " is an old or an encrypted Excel workbook: save it as plain .xlsx.");
        }
        if (startsWith(head, 'P', 'K')) {
            throw new TableException(name + " is a zip archive inside gzip: unpack it first.");
        }
        if (plainName.endsWith(".xlsx")) {
            throw new TableException(name + " is no Excel workbook, whatever its name says.");
        }
        if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
            throw new TableException(name + " is UTF-16: save it as UTF-8.");
        }
        int text = startsWith(head, 0xef, 0xbb, 0xbf) ? 3 : 0;
        window.skip(text);
        while (text < head.length && Character.isWhitespace(head[text])) {
            text++;
        }
        char first = text < head.length ? (char) (head[text] & 0xff) : ' ';
        if (first == '[') {
            throw new TableException(name + " is a JSON array: write one post on each line, as JSON Lines.");
        }
        return first == '{' || plainName.matches(".*\\.(jsonl|ndjson|json)")
                ? new PostTable(new JsonLinesRows(window, task), file)
                : new PostTable(new CsvRows(name, window, task), null);
    }

    private static RowReader workbook(InputStream in, String name, Path file, Task task) throws IOException {
        try (in) {
            if (file != null) {
                return new WorkbookRows(name, file, false, task);
            }
            Path copy = Files.createTempFile("plaudit", ".xlsx");
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return new WorkbookRows(name, copy, true, task);
            } catch (IOException | RuntimeException e) {
                Files.delete(copy);
                throw e;
            }
        }
    }

    private static boolean startsWith(byte[] head, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= head.length || (head[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The names of the columns, in order and no two the same: one that comes twice ends in {@code _2}. For JSON Lines the
     * fields of all lines, for which the whole file is read; those of the first line where there is only a stream.
     */
    public List<String> columns() {
        if (jsonLines == null) {
            return rows.columns();
        }
        Set<String> columns = new LinkedHashSet<>();
        try (PostTable all = open(jsonLines)) {
            all.forEach(row -> columns.addAll(row.columns().keySet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(columns);
    }

    /** The rows, in the file's order; can be asked for once. */
    @Override
    public Iterator<Row> iterator() {
        if (iterated) {
            throw new IllegalStateException("a table is read once: open it again");
        }
        iterated = true;
        return new Iterator<>() {
            private Row next = rows.next();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Row next() {
                if (next == null) {
                    throw new NoSuchElementException();
                }
                Row row = next;
                next = rows.next();
                return row;
            }
        };
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
