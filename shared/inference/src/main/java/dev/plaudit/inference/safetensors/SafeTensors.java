package dev.plaudit.inference.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The weights of a checkpoint, memory-mapped: one file, or several shards with an index. Everything is checked when it
 * is opened, so that no tensor can reach outside its file. Thread-safe until closed; closing unmaps the files, and any
 * later reading throws {@link IllegalStateException}.
 */
public final class SafeTensors implements Checkpoint {
    /** The file of an unsharded checkpoint. */
    public static final String FILE = "model.safetensors";

    /** The file that says which shard holds which tensor. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int SAMPLES = 4;
    private static final int SAMPLE = 1024;

    private final Arena arena = Arena.ofShared();
    private final Map<Path, MemorySegment> files = new HashMap<>();
    private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafeTensors() {}

    /**
     * Opens a checkpoint.
     *
     * @param fileOrFolder a safetensors file, or a folder with {@value #FILE}, or with {@value #INDEX} and its shards
     * @throws ModelException when there is none, or when it breaks a rule of the format
     */
    public static SafeTensors open(Path fileOrFolder) {
        SafeTensors opened = new SafeTensors();
        try {
            if (!Files.isDirectory(fileOrFolder)) {
                opened.addFile(fileOrFolder);
            } else if (Files.exists(fileOrFolder.resolve(FILE))) {
                opened.addFile(fileOrFolder.resolve(FILE));
            } else if (Files.exists(fileOrFolder.resolve(INDEX))) {
                opened.addShards(fileOrFolder, fileOrFolder.resolve(INDEX));
            } else {
                throw new ModelException(fileOrFolder + " holds neither " + FILE + " nor " + INDEX);
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The tensors' names, in the order of the header; with shards, of the shards' names. */
    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
    }

    /** The header's free-form entries, of all shards. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public TensorInfo tensor(String name) {
        TensorInfo tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException("tensor " + name + " is missing in "
                    + String.join(
                            ", ",
                            files.keySet().stream().map(Path::toString).sorted().toList()));
        }
        return tensor;
    }

    @Override
    public MemorySegment segment(String name) {
        TensorInfo tensor = tensor(name);
        return files.get(tensor.file()).asSlice(tensor.offset(), tensor.length());
    }

    @Override
    public boolean isStored(String name) {
        return true;
    }

    @Override
    public float[] rows(String name, long first, long count) {
        TensorInfo tensor = tensor(name);
        long width = 1;
        for (int i = 1; i < tensor.shape().length; i++) {
            width *= tensor.shape()[i];
        }
        if (count * width > Integer.MAX_VALUE - 8) {
            throw new ModelException(tensor.file() + ": tensor " + name + " is too large for one array");
        }
        MemorySegment bytes = segment(name)
                .asSlice(
                        first * width * tensor.dtype().bytes(),
                        count * width * tensor.dtype().bytes());
        float[] values = new float[(int) (count * width)];
        switch (tensor.dtype()) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, 0, values, 0, values.length);
            case F16 -> {
                short[] halves = bytes.toArray(SHORT);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(halves[i]);
                }
            }
            case BF16 -> {
                short[] halves = bytes.toArray(SHORT);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(halves[i] << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) bytes.getAtIndex(DOUBLE, i);
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> throw notFloating(tensor);
        }
        return values;
    }

    @Override
    public long fingerprint() {
        CRC32C checksum = new CRC32C();
        for (String name : names()) {
            TensorInfo tensor = tensor(name);
            MemorySegment bytes = segment(name);
            checksum.update((name + tensor.dtype() + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
            long size = Math.min(SAMPLE, bytes.byteSize());
            for (int i = 0; i < SAMPLES; i++) {
                long at = (bytes.byteSize() - size) * i / (SAMPLES - 1);
                checksum.update(bytes.asSlice(at, size).asByteBuffer());
            }
        }
        return checksum.getValue();
    }

    @Override
    public void row(String name, long row, float[] to, int at) {
        float[] values = rows(name, row, 1);
        System.arraycopy(values, 0, to, at, values.length);
    }

    private static ModelException notFloating(TensorInfo tensor) {
        return new ModelException(tensor.file() + ": tensor " + tensor.name() + " holds " + tensor.dtype()
                + ", not floating-point numbers");
    }

    /** Unmaps the files; calling it again does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void addFile(Path file) {
        Header header = map(file);
        header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    }

    private void addShards(Path folder, Path index) {
        Map<String, String> shardOf = new TreeMap<>();
        try {
            JsonNode map = Header.JSON.readTree(index.toFile()).path("weight_map");
            map.properties()
                    .forEach(entry ->
                            shardOf.put(entry.getKey(), entry.getValue().asText()));
        } catch (IOException e) {
            throw new ModelException(index + " cannot be read as JSON", e);
        }
        for (String shard : new TreeSet<>(shardOf.values())) {
            Path name = Path.of(shard);
            if (shard.isEmpty() || name.isAbsolute() || name.getNameCount() != 1 || name.startsWith("..")) {
                throw new ModelException(index + " names the shard " + shard + ", which is no file of its folder");
            }
            for (TensorInfo tensor : map(folder.resolve(name)).tensors()) {
                if (shard.equals(shardOf.get(tensor.name()))) {
                    tensors.put(tensor.name(), tensor);
                }
            }
        }
        shardOf.forEach((name, shard) -> {
            if (!tensors.containsKey(name)) {
                throw new ModelException("tensor " + name + " is missing in " + folder.resolve(shard) + ", where "
                        + INDEX + " says it is");
            }
        });
    }

    private Header map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            Path real = file.toRealPath();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Header header = Header.read(real, bytes);
            files.put(real, bytes);
            metadata.putAll(header.metadata());
            return header;
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read", e);
        }
    }
}
