package dev.plaudit.tables;

import dev.plaudit.events.Engagement;
import dev.plaudit.events.Sight;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.Worksheet;

/**
 * A table that gives every row of a {@link PostTable} back, in order and with all its columns, and adds what was predicted:
 * {@code predicted_likes}, {@code predicted_low} and {@code predicted_high} (the 80 % interval), {@code predicted_bucket}
 * (1 to 7), {@code predicted_level} ({@code low}, {@code medium} or {@code high}), {@code seen} (what models saw in the media, where
 * that is asked for) and {@code error}. Where the input has a
 * column of such a name already, the new one ends in {@code _2}. The output's name says the format: {@code .csv},
 * {@code .jsonl}, either with {@code .gz}, or {@code .xlsx}.
 *
 * <p>After {@link #flush} the file is whole up to the last row written, whatever happens to the process, and
 * {@link #resume} goes on from there. A compressed file is a chain of gzip members (RFC 1952, section 2.2), one for each
 * flush, so flush every few hundred rows, not every row. A workbook is whole only once it is closed.
 *
 * <p>A text that a spreadsheet would take for a formula is written behind an apostrophe; the input's own columns stay as
 * they are. Safe for use by several threads, so that a shutdown hook may close it.
 */
public final class ScoreTable implements Flushable, Closeable {
    private static final List<String> ADDED = List.of(
            "predicted_likes",
            "predicted_low",
            "predicted_high",
            "predicted_bucket",
            "predicted_level",
            "seen",
            "error");

    private static final int SEEN = ADDED.indexOf("seen");

    private final ScoreWriter writer;
    private final boolean sights;
    private final long resumed;
    private boolean closed;

    private ScoreTable(ScoreWriter writer, boolean sights, long resumed) {
        this.writer = writer;
        this.sights = sights;
        this.resumed = resumed;
    }

    /**
     * Begins a table; a file that is there already is replaced.
     *
     * @param columns of the input, as {@link PostTable#columns()} has them; a field of a JSON line that is not among them
     *     is written to JSON Lines only
     * @param sights whether to add what was seen in the media
     * @throws TableException when the name says no format, the file cannot be written, or a workbook has no room for the
     *     columns
     */
    public static ScoreTable create(Path file, List<String> columns, boolean sights) {
        return open(file, columns, sights, false);
    }

    /**
     * Goes on with a table that was cut short, or begins it when there is no such file. A torn last line is cut off; of a
     * compressed file everything after the last whole gzip member.
     *
     * @param columns of the input, the same as when the table was begun
     * @param sights the same as then
     * @throws TableException when the file has other columns, is no table of scores, or is a workbook; it is left as it is
     */
    public static ScoreTable resume(Path file, List<String> columns, boolean sights) {
        return open(file, columns, sights, Files.exists(file));
    }

    private static ScoreTable open(Path file, List<String> columns, boolean sights, boolean resume) {
        List<String> added = Cells.distinct(columns, wanted(ADDED, sights));
        String name = file.getFileName().toString();
        boolean gzip = name.endsWith(".gz");
        String plain = gzip ? name.substring(0, name.length() - 3) : name;
        try {
            if (plain.endsWith(".csv")) {
                ScoredRows rows =
                        resume ? ScoredRows.csv(file, gzip, CsvScores.header(columns, added)) : ScoredRows.NONE;
                return new ScoreTable(
                        new CsvScores(rows.append(file, gzip), columns, added, rows.header()), sights, rows.count());
            }
            if (plain.endsWith(".jsonl")) {
                ScoredRows rows = resume ? ScoredRows.jsonLines(file, gzip, added) : ScoredRows.NONE;
                return new ScoreTable(new JsonLinesScores(rows.append(file, gzip), added), sights, rows.count());
            }
            if (name.endsWith(".xlsx")) {
                if (resume) {
                    throw new TableException(name + " cannot be resumed, no workbook can: write .csv or .jsonl.");
                }
                int all = columns.size() + added.size();
                if (all > Worksheet.MAX_COLS) {
                    throw new TableException(
                            "%s would have %d columns, no sheet has more than %d: write .csv or .jsonl."
                                    .formatted(name, all, Worksheet.MAX_COLS));
                }
                return new ScoreTable(new WorkbookScores(name, Files.newOutputStream(file), columns, added), sights, 0);
            }
        } catch (IOException e) {
            throw new TableException(file + " cannot be written: " + TableException.reason(e) + ".", e);
        }
        throw new TableException(name + " must end in .csv, .csv.gz, .jsonl, .jsonl.gz or .xlsx.");
    }

    /** How many rows the file held when it was opened: as many of the input are done. */
    public long resumedRows() {
        return resumed;
    }

    /**
     * Writes a row and what is predicted for it.
     *
     * @param seen in its media, if that is a column
     */
    public synchronized void scored(Row row, Engagement engagement, List<Sight> seen) throws IOException {
        write(
                row,
                engagement.likes(),
                engagement.low(),
                engagement.high(),
                engagement.bucket().number(),
                engagement.level().name().toLowerCase(Locale.ROOT),
                seen.isEmpty() ? null : seen.stream().map(ScoreTable::text).collect(Collectors.joining("; ")),
                null);
    }

    /** Writes a row that got no prediction, and why. */
    public synchronized void failed(Row row, String error) throws IOException {
        write(row, null, null, null, null, null, null, error);
    }

    private void write(Row row, Object... added) throws IOException {
        if (closed) {
            throw new IOException("the table is closed");
        }
        writer.write(row.columns(), wanted(Arrays.asList(added), sights));
    }

    private static String text(Sight sight) {
        return sight.unavailable() == null ? sight.caption() : "(not seen: " + sight.unavailable() + ")";
    }

    private static <T> List<T> wanted(List<T> added, boolean sights) {
        List<T> wanted = new ArrayList<>(added);
        if (!sights) {
            wanted.remove(SEEN);
        }
        return wanted;
    }

    /** Makes the file whole up to the last row; does nothing for a workbook. */
    @Override
    public synchronized void flush() throws IOException {
        if (!closed) {
            writer.flush();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            writer.close();
        }
    }
}
