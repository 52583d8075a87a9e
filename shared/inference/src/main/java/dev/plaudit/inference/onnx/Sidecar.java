package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.TensorInfo;
import dev.plaudit.inference.safetensors.TensorStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A checkpoint's tensors in another precision, in a file of their own such as {@code model.int8.safetensors} or {@code
 * vision.int4.safetensors}: computed once, by an import or at the first start, and mapped from then on. It carries a
 * fingerprint of the weights and is made anew when they change. A sidecar that holds all that a graph reads can also stand
 * alone, as a checkpoint of its own.
 *
 * @param file where it lies or is to lie
 * @param checkpoint that it is made of
 * @param tensors what is already there
 */
record Sidecar(Path file, Checkpoint checkpoint, Map<String, TensorInfo> tensors) {
    /** What follows a matrix's name in the sidecar. */
    static final String MATRIX = ".quantized";

    /** What follows its scales' name. */
    static final String SCALE = ".scale";

    private static final System.Logger LOG = System.getLogger(Sidecar.class.getName());
    private static final String FINGERPRINT = "fingerprint";

    /** The sidecar of a checkpoint; empty when there is none, or it belongs to other weights. */
    static Sidecar of(Checkpoint checkpoint, Path folder, String part, Precision precision) {
        Path file = file(folder, part, precision);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            try (SafeTensors known = SafeTensors.open(file)) {
                if (firstFile(checkpoint).equals(file.toRealPath())
                        || fingerprint(checkpoint).equals(known.metadata().get(FINGERPRINT))) {
                    known.names().forEach(name -> tensors.put(name, known.tensor(name)));
                }
            } catch (ModelException | IOException e) {
                LOG.log(Level.WARNING, () -> e.getMessage() + "; it is made anew");
            }
        }
        return new Sidecar(file, checkpoint, tensors);
    }

    static Path file(Path folder, String part, Precision precision) {
        return folder.resolve(part + "." + precision.name().toLowerCase(Locale.ROOT) + ".safetensors");
    }

    /** Whether it is itself the checkpoint. */
    boolean standsAlone() {
        return !tensors.isEmpty() && tensors.values().iterator().next().file().equals(firstFile(checkpoint));
    }

    private static Path firstFile(Checkpoint checkpoint) {
        return checkpoint.tensor(checkpoint.names().getFirst()).file();
    }

    /** A tensor, if it is there as expected. */
    Optional<TensorInfo> find(String name, DType dtype, long[] shape) {
        return Optional.ofNullable(tensors.get(name))
                .filter(tensor -> tensor.dtype() == dtype && Arrays.equals(tensor.shape(), shape));
    }

    /** Makes the file, whole or not at all, and maps what it then holds. */
    Sidecar write(SequencedMap<String, TensorStream> made) throws IOException {
        SafeTensorsWriter.writeStreams(file, made, Map.of(FINGERPRINT, fingerprint(checkpoint)));
        try (SafeTensors written = SafeTensors.open(file)) {
            Map<String, TensorInfo> all = new LinkedHashMap<>();
            written.names().forEach(name -> all.put(name, written.tensor(name)));
            return new Sidecar(file, checkpoint, all);
        }
    }

    private static String fingerprint(Checkpoint checkpoint) {
        return Long.toHexString(checkpoint.fingerprint());
    }
}
