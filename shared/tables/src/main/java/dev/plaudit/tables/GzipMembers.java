package dev.plaudit.tables;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/** A chain of gzip members (RFC 1952, section 2.2): each flush ends one, so that all before it can be read for good. */
final class GzipMembers extends OutputStream {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int PLAIN_HEADER = 0x00088b1f;

    private final OutputStream out;
    private GZIPOutputStream member;

    GzipMembers(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (member == null) {
            member = new GZIPOutputStream(new Unclosed(out), 1 << 16);
        }
        member.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        if (member != null) {
            member.close();
            member = null;
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }

    /**
     * How many bytes of a file its whole members take, from its beginning.
     *
     * @throws TableException when the file was not written by this class
     */
    static long wholeLength(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long whole = 0;
            for (long end = memberEnd(file, channel, 0); end > 0; end = memberEnd(file, channel, end)) {
                whole = end;
            }
            return whole;
        }
    }

    /** Where the member that begins here ends; -1 when it is torn. */
    private static long memberEnd(Path file, FileChannel channel, long start) throws IOException {
        ByteBuffer header = read(channel, start, HEADER);
        if (header.remaining() < HEADER) {
            return -1;
        }
        if (header.getInt() != PLAIN_HEADER) {
            throw new TableException(file.getFileName() + " cannot be resumed: another program compressed it.");
        }
        Inflater inflater = new Inflater(true);
        try {
            CRC32 crc = new CRC32();
            byte[] inflated = new byte[1 << 16];
            long position = start + HEADER;
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    ByteBuffer deflated = read(channel, position, 1 << 16);
                    if (!deflated.hasRemaining()) {
                        return -1;
                    }
                    position += deflated.remaining();
                    inflater.setInput(deflated);
                }
                crc.update(inflated, 0, inflater.inflate(inflated));
            }
            position -= inflater.getRemaining();
            ByteBuffer trailer = read(channel, position, TRAILER);
            boolean whole = trailer.remaining() == TRAILER && trailer.getInt() == (int) crc.getValue();
            return whole ? position + TRAILER : -1;
        } catch (DataFormatException e) {
            return -1;
        } finally {
            inflater.end();
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {
            // until it is full or the file ends
        }
        return bytes.flip();
    }

    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
