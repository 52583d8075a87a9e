package dev.plaudit.tables;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * The records of a CSV (RFC 4180; LF, CRLF or CR), one at a time and each on its own: what is wrong with one does not
 * reach the next. A quoted field that never closes, or runs on over too many lines, costs only the lines up to where it
 * opened. Blank lines are passed over.
 */
final class CsvRecords implements Closeable {
    /**
     * A record.
     *
     * @param line where it begins, from 1
     * @param fields as they stand; null when there is a defect
     * @param defect why it cannot be read; null when it can
     * @param ended whether a line end or a defect ended it, rather than the end of the file
     */
    record CsvRecord(long line, List<String> fields, String defect, boolean ended) {}

    private enum State {
        FIELD_START,
        PLAIN,
        QUOTED,
        QUOTE_IN_QUOTED
    }

    /** The most lines of a field of a table that others wrote. */
    static final int MAX_LINES = 1000;

    private final ByteWindow window;
    private final char separator;
    private final int maxLines;
    private final CsvReader.CsvReaderBuilder parser;
    private long line = 1;
    private boolean damageTold;

    /** @param maxLines over which a quoted field may run before it counts as one that never closes */
    CsvRecords(ByteWindow window, char separator, int maxLines) {
        this.window = window;
        this.separator = separator;
        this.maxLines = maxLines;
        this.parser = CsvReader.builder().fieldSeparator(separator).maxBufferSize(2 * ByteWindow.MAX_ROW);
    }

    /** The next record; null at the end. */
    CsvRecord next() {
        skipBlankLines();
        State state = State.FIELD_START;
        int length = 0;
        int lines = 0;
        long quoteLine = line;
        int afterQuoteLine = 0;
        while (length < ByteWindow.MAX_ROW) {
            int b = window.at(length);
            if (b < 0) {
                return atEnd(length, lines, state, quoteLine, afterQuoteLine);
            }
            int lineEnd = b == '\n' || b == '\r' ? window.lineEnd(length) : 0;
            if (lineEnd > 0) {
                if (state != State.QUOTED) {
                    return record(length, lineEnd, lines);
                }
                length += lineEnd;
                lines++;
                if (afterQuoteLine == 0) {
                    afterQuoteLine = length;
                }
                if (lines > maxLines) {
                    return unclosed(length, quoteLine, afterQuoteLine);
                }
                continue;
            }
            switch (state) {
                case FIELD_START -> {
                    if (b == '"') {
                        state = State.QUOTED;
                        quoteLine = line + lines;
                        afterQuoteLine = 0;
                    } else if (b != separator) {
                        state = State.PLAIN;
                    }
                }
                case PLAIN -> state = b == separator ? State.FIELD_START : State.PLAIN;
                case QUOTED -> state = b == '"' ? State.QUOTE_IN_QUOTED : State.QUOTED;
                case QUOTE_IN_QUOTED -> {
                    if (b != '"' && b != separator) {
                        return broken(
                                "has text after the closing quote of a field that opened in line " + quoteLine
                                        + ": double the quotes inside a field",
                                length,
                                quoteLine,
                                afterQuoteLine);
                    }
                    state = b == '"' ? State.QUOTED : State.FIELD_START;
                }
            }
            length++;
        }
        return state == State.QUOTED
                ? unclosed(length, quoteLine, afterQuoteLine)
                : broken("is longer than " + ByteWindow.MAX_ROW + " bytes", length, line + lines, 0);
    }

    private void skipBlankLines() {
        for (int end = window.lineEnd(0); end > 0; end = window.lineEnd(0)) {
            window.skip(end);
            line++;
        }
    }

    private CsvRecord atEnd(int length, int lines, State state, long quoteLine, int afterQuoteLine) {
        if (window.damage() != null) {
            window.skip(length);
            boolean told = damageTold;
            damageTold = true;
            return told ? null : new CsvRecord(line, null, window.damage(), false);
        }
        if (length == 0) {
            return null;
        }
        return state == State.QUOTED ? unclosed(length, quoteLine, afterQuoteLine) : record(length, 0, lines);
    }

    private CsvRecord record(int length, int lineEnd, int lines) {
        long begin = line;
        List<String> fields = null;
        String defect = null;
        try {
            fields = parser.ofSingleCsvRecord(window.text(length)).getFields();
        } catch (CharacterCodingException | CsvParseException e) {
            defect = e.getMessage();
        }
        window.skip(length + lineEnd);
        line += lines + (lineEnd > 0 ? 1 : 0);
        return new CsvRecord(begin, fields, defect, lineEnd > 0);
    }

    private CsvRecord unclosed(int length, long quoteLine, int afterQuoteLine) {
        boolean ended = window.at(length) >= 0;
        CsvRecord record = broken(
                "has a quote that opens in line " + quoteLine + " and never closes", length, quoteLine, afterQuoteLine);
        return new CsvRecord(record.line(), null, record.defect(), ended);
    }

    /** Goes on after the line in which the last quote opened: all that follows it may be sound. */
    private CsvRecord broken(String defect, int length, long quoteLine, int afterQuoteLine) {
        long begin = line;
        if (afterQuoteLine > 0) {
            window.skip(afterQuoteLine);
        } else {
            window.skipLine(length);
        }
        line = quoteLine + 1;
        return new CsvRecord(begin, null, defect, true);
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
