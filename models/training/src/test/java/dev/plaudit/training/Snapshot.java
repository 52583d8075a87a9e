package dev.plaudit.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a folder, to see that nothing changes them. */
public record Snapshot(Map<Path, ByteBuffer> files) {
    public static Snapshot of(Path folder) throws IOException {
        Map<Path, ByteBuffer> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file, ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return new Snapshot(files);
    }
}
