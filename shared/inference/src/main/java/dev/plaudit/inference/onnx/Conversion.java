package dev.plaudit.inference.onnx;

import dev.plaudit.inference.safetensors.TensorStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongConsumer;

/** A checkpoint's tensors in another precision, about to be written. */
public final class Conversion {
    private final Sidecar sidecar;
    private final SequencedMap<String, TensorStream> tensors;

    Conversion(Sidecar sidecar, SequencedMap<String, TensorStream> tensors) {
        this.sidecar = sidecar;
        this.tensors = tensors;
    }

    /** The file to be written. */
    public Path file() {
        return sidecar.file();
    }

    /** Bytes of the tensors. */
    public long byteSize() {
        return tensors.values().stream().mapToLong(TensorStream::byteSize).sum();
    }

    /**
     * Writes the file, a part of a tensor at a time. It appears whole or not at all.
     *
     * @param progress is told, again and again, how many bytes are done
     * @throws IOException when it cannot be written
     * @throws dev.plaudit.inference.ModelException when a weight is no finite number
     */
    public void write(LongConsumer progress) throws IOException {
        SequencedMap<String, TensorStream> watched = new LinkedHashMap<>();
        long[] done = {0};
        tensors.forEach((name, tensor) ->
                watched.put(name, new TensorStream(tensor.dtype(), tensor.shape(), sink -> tensor.content()
                        .writeTo(bytes -> {
                            sink.write(bytes);
                            done[0] += bytes.byteSize();
                            progress.accept(done[0]);
                        }))));
        sidecar.write(watched);
    }
}
