package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import jakarta.ws.rs.ClientErrorException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file that a caller sent, unpacked where it was gzip, and put aside: whoever sends slowly holds nothing but a file.
 *
 * @param length in bytes
 * @param digest over the bytes, to be finished
 * @param room that gets the bytes back in the end
 */
record Upload(Path file, long length, MessageDigest digest, AtomicLong room) implements AutoCloseable {
    /**
     * Takes a body to its end.
     *
     * @param limit the longest, unpacked, in bytes
     * @param room how many bytes there is still place for; the file's are taken off until it is closed
     * @throws RejectedExecutionException when there is no room, because of others' files
     */
    static Upload receive(InputStream body, long limit, AtomicLong room) throws IOException {
        Path file = Files.createTempFile("plaudit-upload", null);
        MessageDigest digest = Terms.digest();
        long length = 0;
        try (InputStream in = unpacked(body);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            byte[] chunk = new byte[1 << 16];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                length += read;
                boolean fits = room.addAndGet(-read) >= 0;
                if (length > limit) {
                    throw new ClientErrorException("the posts must be at most " + limit + " bytes, unpacked", 413);
                }
                if (!fits) {
                    throw new RejectedExecutionException("too many files are uploaded at a time");
                }
                out.write(chunk, 0, read);
            }
            return new Upload(file, length, digest, room);
        } catch (EOFException | ZipException e) {
            discard(file, length, room);
            throw new InvalidFieldException("$", "is gzip that is damaged or cut short");
        } catch (IOException | RuntimeException e) {
            discard(file, length, room);
            throw e;
        }
    }

    private static void discard(Path file, long length, AtomicLong room) throws IOException {
        Files.delete(file);
        room.addAndGet(length);
    }

    private static InputStream unpacked(InputStream body) throws IOException {
        InputStream in = new BufferedInputStream(body);
        if (!isGzip(in)) {
            return in;
        }
        InputStream unpacked = new BufferedInputStream(new GZIPInputStream(in));
        if (isGzip(unpacked)) {
            // Whoever reads the file would unpack it again, without a limit.
            throw new InvalidFieldException("$", "is gzip within gzip: pack it once");
        }
        return unpacked;
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        byte[] magic = in.readNBytes(2);
        in.reset();
        return magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    }

    @Override
    public void close() throws IOException {
        discard(file, length, room);
    }
}
