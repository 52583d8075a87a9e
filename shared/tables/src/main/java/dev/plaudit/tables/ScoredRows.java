package dev.plaudit.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.tables.CsvRecords.CsvRecord;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * What a table of scores already holds.
 *
 * @param header whether its header is whole
 * @param count the rows that are whole
 * @param length the bytes of the file up to the end of the last of them
 */
record ScoredRows(boolean header, long count, long length) {
    static final ScoredRows NONE = new ScoredRows(false, 0, 0);

    /** @throws TableException when the file is no CSV of this header */
    static ScoredRows csv(Path file, boolean gzip, List<String> header) throws IOException {
        long members = gzip ? GzipMembers.wholeLength(file) : 0;
        ByteWindow window = new ByteWindow(open(file, gzip, members));
        try (CsvRecords records = new CsvRecords(window, ',', Integer.MAX_VALUE)) {
            CsvRecord first = records.next();
            if (first == null) {
                return NONE;
            }
            if (!header.equals(first.fields())) {
                if (!first.ended()
                        && first.fields() != null
                        && header.toString().startsWith(beginning(first))) {
                    return NONE;
                }
                throw new TableException(
                        "%s cannot be resumed: its columns are not those of this input.".formatted(file.getFileName()));
            }
            if (!first.ended()) {
                return NONE;
            }
            long count = 0;
            long length = window.position();
            for (CsvRecord row = records.next(); row != null && row.ended(); row = records.next()) {
                if (row.fields() == null || row.fields().size() != header.size()) {
                    throw new TableException(
                            "%s cannot be resumed: line %d is no row of it.".formatted(file.getFileName(), row.line()));
                }
                count++;
                length = window.position();
            }
            return new ScoredRows(true, count, gzip ? members : length);
        }
    }

    private static String beginning(CsvRecord torn) {
        String fields = torn.fields().toString();
        return fields.substring(0, fields.length() - 1);
    }

    /** @throws TableException when a line is no JSON object with a prediction or an error */
    static ScoredRows jsonLines(Path file, boolean gzip, List<String> predicted) throws IOException {
        long members = gzip ? GzipMembers.wholeLength(file) : 0;
        try (ByteWindow window = new ByteWindow(open(file, gzip, members))) {
            long count = 0;
            int length = 0;
            while (window.at(length) >= 0) {
                if (window.at(length) != '\n') {
                    length++;
                    continue;
                }
                if (!isScored(window.text(length), predicted)) {
                    throw new TableException("%s cannot be resumed: line %d is no scored post."
                            .formatted(file.getFileName(), count + 1));
                }
                count++;
                window.skip(length + 1);
                length = 0;
            }
            return new ScoredRows(count > 0, count, gzip ? members : window.position());
        }
    }

    private static boolean isScored(String line, List<String> predicted) {
        try {
            JsonNode json = SimulationJson.MAPPER.readTree(line);
            return json instanceof ObjectNode && (json.has(predicted.getFirst()) || json.has(predicted.getLast()));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static InputStream open(Path file, boolean gzip, long members) throws IOException {
        if (gzip && members == 0) {
            return InputStream.nullInputStream();
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        return gzip ? new GZIPInputStream(new Beginning(in, members), 1 << 16) : in;
    }

    /** The file, cut back to what is whole, ready for more. */
    OutputStream append(Path file, boolean gzip) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND);
        return gzip ? new GzipMembers(out) : out;
    }

    /** The first bytes of a stream. */
    private static final class Beginning extends FilterInputStream {
        private long left;

        Beginning(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
