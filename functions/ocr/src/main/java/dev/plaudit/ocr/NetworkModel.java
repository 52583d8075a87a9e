package dev.plaudit.ocr;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network that ONNX Runtime can open.
 *
 * @param name what to call it in messages
 * @param onnx its ONNX model, outside the heap
 * @param file that holds it; empty when it comes from the class path
 */
record NetworkModel(String name, ByteBuffer onnx, Optional<Path> file) {
    /** A file's bytes where they lie. */
    static ByteBuffer mapped(Path file, Arena memory) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), memory)
                    .asByteBuffer();
        }
    }
}
