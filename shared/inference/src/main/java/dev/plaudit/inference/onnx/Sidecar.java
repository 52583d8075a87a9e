package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.TensorBytes;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/**
 * A checkpoint's quantised matrices in a file beside it, such as {@code model.int8.safetensors} or
 * {@code vision.int4.safetensors}: computed at the first start, mapped at every later one. It carries a fingerprint of the
 * weights and is made anew when they change. Where the folder cannot be written, each start computes them again.
 *
 * @param file where it lies or is to lie
 * @param fingerprint of the checkpoint
 * @param tensors what is already there
 */
record Sidecar(Path file, String fingerprint, Map<String, TensorInfo> tensors) {
    /** What follows a matrix's name in the sidecar. */
    static final String MATRIX = ".quantized";

    /** What follows its scales' name. */
    static final String SCALE = ".scale";

    private static final System.Logger LOG = System.getLogger(Sidecar.class.getName());
    private static final String FINGERPRINT = "fingerprint";
    private static final int SAMPLES = 4;
    private static final int SAMPLE = 1024;

    /** The sidecar of a checkpoint; empty when there is none, or it belongs to other weights. */
    static Sidecar of(SafeTensors checkpoint, Path folder, String part, Precision precision) {
        if (precision == Precision.FP32) {
            return new Sidecar(folder, "", Map.of());
        }
        Path file = folder.resolve(part + "." + precision.name().toLowerCase(Locale.ROOT) + ".safetensors");
        String fingerprint = fingerprint(checkpoint);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            try (SafeTensors known = SafeTensors.open(file)) {
                if (fingerprint.equals(known.metadata().get(FINGERPRINT))) {
                    known.names().forEach(name -> tensors.put(name, known.tensor(name)));
                }
            } catch (ModelException e) {
                LOG.log(Level.WARNING, () -> e.getMessage() + "; it is made anew");
            }
        }
        return new Sidecar(file, fingerprint, tensors);
    }

    /** A tensor, if it is there as expected. */
    Optional<TensorInfo> find(String name, DType dtype, long[] shape) {
        return Optional.ofNullable(tensors.get(name))
                .filter(tensor -> tensor.dtype() == dtype && Arrays.equals(tensor.shape(), shape));
    }

    /** Writes what was computed, unless that is nothing or only a part of what the file already holds. */
    void write(SequencedMap<String, TensorBytes> made) {
        if (!made.isEmpty() && tensors.isEmpty()) {
            try {
                SafeTensorsWriter.writeBytes(file, made, Map.of(FINGERPRINT, fingerprint));
            } catch (IOException e) {
                LOG.log(Level.INFO, () -> file + " cannot be written, so that each start quantises anew: " + e);
            }
        }
    }

    /** A checksum of every tensor's place and of a few samples of its bytes. */
    private static String fingerprint(SafeTensors checkpoint) {
        CRC32C checksum = new CRC32C();
        for (String name : checkpoint.names()) {
            TensorInfo tensor = checkpoint.tensor(name);
            MemorySegment bytes = checkpoint.segment(name);
            checksum.update((name + tensor.dtype() + Arrays.toString(tensor.shape())).getBytes());
            long size = Math.min(SAMPLE, bytes.byteSize());
            for (int i = 0; i < SAMPLES; i++) {
                long at = (bytes.byteSize() - size) * i / (SAMPLES - 1);
                checksum.update(bytes.asSlice(at, size).asByteBuffer());
            }
        }
        return Long.toHexString(checksum.getValue());
    }
}
