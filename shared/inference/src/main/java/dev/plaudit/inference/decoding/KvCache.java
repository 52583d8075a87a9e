package dev.plaudit.inference.decoding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keys and values of all tokens so far, {@code [rows, heads, room, head]} for every layer, outside the heap. ONNX
 * Runtime is given the same memory as past and as present, so that a step writes its own tokens and copies nothing. Not
 * thread-safe.
 */
final class KvCache implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final CausalShape shape;
    private final int rows;
    private final int room;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();

    /**
     * @param rows sequences
     * @param room tokens of the longest, when all is said
     */
    KvCache(CausalShape shape, int rows, int room) {
        this.shape = shape;
        this.rows = rows;
        this.room = room;
        long size = rows * rowBytes();
        for (int i = 0; i < 2 * shape.layers(); i++) {
            blocks.add(arena.allocate(size, ALIGNMENT));
        }
    }

    int rows() {
        return rows;
    }

    /** Adds the first rows of the cache to what a run is given and to what it is to fill. */
    void bind(OrtEnvironment environment, int count, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs)
            throws OrtException {
        long[] extent = {count, shape.keyValueHeads(), room, shape.headSize()};
        for (int i = 0; i < blocks.size(); i++) {
            boolean key = i % 2 == 0;
            OnnxTensor tensor = OnnxTensor.createTensor(
                    environment,
                    blocks.get(i)
                            .asSlice(0, count * rowBytes())
                            .asByteBuffer()
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer(),
                    extent);
            inputs.put(CausalGraph.past(i / 2, key), tensor);
            outputs.put(CausalGraph.present(i / 2, key), tensor);
        }
    }

    /** Copies tokens {@code from} to {@code to}, the last one excluded, of one row to another. */
    void copy(int source, int target, int from, int to) {
        long token = (long) shape.headSize() * Float.BYTES;
        for (MemorySegment block : blocks) {
            for (int head = 0; head < shape.keyValueHeads(); head++) {
                long start = head * room * token + from * token;
                MemorySegment.copy(
                        block, source * rowBytes() + start, block, target * rowBytes() + start, (to - from) * token);
            }
        }
    }

    private long rowBytes() {
        return (long) shape.keyValueHeads() * room * shape.headSize() * Float.BYTES;
    }

    @Override
    public void close() {
        arena.close();
    }
}
