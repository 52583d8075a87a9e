package dev.plaudit.inference.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.WholeFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Writes a checkpoint as one safetensors file. */
public final class SafeTensorsWriter {
    private static final int CHUNK = 1 << 18;

    private SafeTensorsWriter() {}

    /**
     * Writes the tensors in their order, the header padded with spaces so that the data starts at a multiple of 8. The
     * file appears whole or not at all: it is written beside its place and then moved there.
     *
     * @param as the floating-point type to store; values are rounded to nearest, ties to even
     * @param metadata free-form entries of the header; Hugging Face's own readers expect {@code format: pt}
     * @throws IllegalArgumentException when {@code as} is no floating-point type, or a finite value is too large for it
     * @throws IOException when the file cannot be written
     */
    public static void write(Path file, SequencedMap<String, Tensor> tensors, DType as, Map<String, String> metadata)
            throws IOException {
        WholeFile.write(file, channel -> {
            drain(
                    channel,
                    header(
                            tensors.entrySet().stream()
                                    .map(entry -> new Entry(
                                            entry.getKey(),
                                            as,
                                            entry.getValue().shape(),
                                            (long) entry.getValue().values().length * as.bytes()))
                                    .toList(),
                            metadata));
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                data(channel, tensor.getKey(), tensor.getValue().values(), as);
            }
        });
    }

    /**
     * Writes tensors as they are made, one after another in their order, in the same way.
     *
     * @throws IOException when the file cannot be written
     * @throws IllegalStateException when a tensor gives another number of bytes than its shape says
     */
    public static void writeStreams(Path file, SequencedMap<String, TensorStream> tensors, Map<String, String> metadata)
            throws IOException {
        WholeFile.write(file, channel -> {
            drain(
                    channel,
                    header(
                            tensors.entrySet().stream()
                                    .map(entry -> new Entry(
                                            entry.getKey(),
                                            entry.getValue().dtype(),
                                            entry.getValue().shape(),
                                            entry.getValue().byteSize()))
                                    .toList(),
                            metadata));
            ByteBuffer chunk = buffer(CHUNK);
            for (Map.Entry<String, TensorStream> tensor : tensors.entrySet()) {
                long end = channel.position() + tensor.getValue().byteSize();
                tensor.getValue().content().writeTo(bytes -> {
                    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                        int size = (int) Math.min(CHUNK, bytes.byteSize() - at);
                        MemorySegment.copy(bytes, at, MemorySegment.ofBuffer(chunk.clear()), 0, size);
                        drain(channel, chunk.limit(size));
                    }
                });
                if (channel.position() != end) {
                    throw new IllegalStateException("tensor " + tensor.getKey() + " gave "
                            + (channel.position() - end + tensor.getValue().byteSize()) + " bytes, but has "
                            + tensor.getValue().byteSize());
                }
            }
        });
    }

    private record Entry(String name, DType dtype, long[] shape, long length) {}

    private static ByteBuffer header(List<Entry> entries, Map<String, String> metadata) throws JsonProcessingException {
        ObjectNode root = Header.JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode free = root.putObject(Header.METADATA);
            metadata.forEach(free::put);
        }
        long offset = 0;
        for (Entry tensor : entries) {
            ObjectNode entry =
                    root.putObject(tensor.name()).put("dtype", tensor.dtype().name());
            Arrays.stream(tensor.shape()).forEach(entry.putArray("shape")::add);
            long end = offset + tensor.length();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = Header.JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length, 8) * 8;
        ByteBuffer header = buffer(Long.BYTES + padded).putLong(padded).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void data(FileChannel channel, String name, float[] values, DType as) throws IOException {
        ByteBuffer chunk = buffer(CHUNK);
        for (float value : values) {
            switch (as) {
                case F64 -> chunk.putDouble(value);
                case F32 -> chunk.putFloat(value);
                case F16 -> chunk.putShort(requireFits(name, value, Float.floatToFloat16(value), as));
                case BF16 -> chunk.putShort(requireFits(name, value, bfloat16(value), as));
                case I64, I32, I16, I8, U8, BOOL ->
                    throw new IllegalArgumentException(as + " is no floating-point type");
            }
            if (!chunk.hasRemaining()) {
                drain(channel, chunk.flip());
                chunk.clear();
            }
        }
        drain(channel, chunk.flip());
    }

    /** The upper half of the float, rounded to nearest even. */
    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        return Float.isNaN(value) ? (short) (bits >>> 16) : (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    private static short requireFits(String name, float value, short half, DType as) {
        float stored = as == DType.F16 ? Float.float16ToFloat(half) : Float.intBitsToFloat(half << 16);
        if (Float.isInfinite(stored) && !Float.isInfinite(value)) {
            throw new IllegalArgumentException("tensor " + name + " holds " + value + ", too large for " + as);
        }
        return half;
    }

    private static void drain(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
