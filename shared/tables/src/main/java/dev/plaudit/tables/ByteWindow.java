package dev.plaudit.tables;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * The bytes of a stream that lie ahead, as many as somebody looks at and no more: memory is bounded by the longest row
 * that a reader admits, {@value #MAX_ROW} bytes.
 */
final class ByteWindow implements Closeable {
    /** The longest row of text that is read, in bytes. */
    static final int MAX_ROW = 4 << 20;

    private final InputStream in;
    private byte[] bytes = new byte[1 << 16];
    private int start;
    private int end;
    private long position;
    private boolean exhausted;
    private String damage;

    ByteWindow(InputStream in) {
        this.in = in;
    }

    /** The byte this far ahead, 0 to 255; -1 where the stream has ended. */
    int at(int ahead) {
        while (start + ahead >= end) {
            if (!fill()) {
                return -1;
            }
        }
        return bytes[start + ahead] & 0xff;
    }

    /** The next bytes, or as many as there are. */
    byte[] head(int length) {
        int there = 0;
        while (there < length && at(there) >= 0) {
            there++;
        }
        return Arrays.copyOfRange(bytes, start, start + there);
    }

    /** How long the line end this far ahead is: 1 for LF or a lone CR, 2 for CRLF, 0 when there is none. */
    int lineEnd(int ahead) {
        int b = at(ahead);
        return b == '\n' ? 1 : b != '\r' ? 0 : at(ahead + 1) == '\n' ? 2 : 1;
    }

    /** Goes on by as many bytes as were looked at. */
    void skip(int length) {
        start += length;
        position += length;
    }

    /** Goes on to the next line, however long this one is; starts looking this far ahead. */
    void skipLine(int ahead) {
        skip(ahead);
        int length = 0;
        while (at(length) >= 0 && lineEnd(length) == 0) {
            if (++length == 1 << 15) {
                skip(length);
                length = 0;
            }
        }
        skip(length + lineEnd(length));
    }

    /** How many bytes were skipped since the stream began. */
    long position() {
        return position;
    }

    /** Why the stream ended before its time; null when it did not. */
    String damage() {
        return damage;
    }

    /**
     * The next bytes as text.
     *
     * @throws CharacterCodingException with a reason fit for a reader, when they are no UTF-8
     */
    String text(int length) throws CharacterCodingException {
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : strictText(length);
    }

    private String strictText(int length) throws CharacterCodingException {
        ByteBuffer encoded = ByteBuffer.wrap(bytes, start, length);
        CharBuffer text = CharBuffer.allocate(length);
        if (StandardCharsets.UTF_8.newDecoder().decode(encoded, text, true).isError()) {
            long at = position + encoded.position() - start + 1;
            throw new NotUtf8Exception("is not UTF-8 at byte %d of the file (0x%02X): save the file as UTF-8"
                    .formatted(at, encoded.get()));
        }
        return text.flip().toString();
    }

    private boolean fill() {
        if (exhausted) {
            return false;
        }
        if (end == bytes.length) {
            if (start > 0) {
                System.arraycopy(bytes, start, bytes, 0, end - start);
                end -= start;
                start = 0;
            } else {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }
        try {
            int read = in.read(bytes, end, bytes.length - end);
            exhausted = read < 0;
            end += Math.max(read, 0);
        } catch (EOFException e) {
            exhausted = true;
            damage = "is cut off here: the gzip data end too soon";
        } catch (ZipException e) {
            exhausted = true;
            damage = "is damaged from here on: " + e.getMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !exhausted;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static final class NotUtf8Exception extends CharacterCodingException {
        private final String reason;

        NotUtf8Exception(String reason) {
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }
}
