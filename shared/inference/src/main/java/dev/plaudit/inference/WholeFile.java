package dev.plaudit.inference;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that appear whole or not at all: they are written beside their place and then moved there. Who reads the file that
 * was there before goes on reading that one.
 */
public final class WholeFile {
    private static final String PART = ".part";

    private WholeFile() {}

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        /** @param channel to read and to write, at the beginning of an empty file */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file. The part is locked while it is written, so that one without a lock is known to be abandoned.
     *
     * @throws IOException when it cannot be written; what was there before is there still
     */
    public static void write(Path file, Content content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        removeAbandoned(file);
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + PART);
        part.toFile().deleteOnExit();
        try {
            try (FileChannel channel = FileChannel.open(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.lock();
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Removes what processes that were killed have left of writing a file. */
    public static void removeAbandoned(Path file) throws IOException {
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(file.toAbsolutePath().getParent(), file.getFileName() + ".*" + PART)) {
            for (Path part : parts) {
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    if (channel.tryLock() != null) {
                        Files.delete(part);
                    }
                } catch (OverlappingFileLockException e) {
                    // This process writes it.
                }
            }
        }
    }
}
