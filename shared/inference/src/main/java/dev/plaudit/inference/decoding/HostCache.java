package dev.plaudit.inference.decoding;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keys and values in the computer's own memory, {@code [slots, heads, room, head]} for every layer. ONNX Runtime is given
 * the same memory as past and as present, so that a step writes its own tokens and copies nothing.
 */
final class HostCache implements KvCache {
    private static final int ALIGNMENT = 64;

    private final OnnxSession session;
    private final CausalShape shape;
    private final int slots;
    private final int room;
    private final boolean positions;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final MemorySegment logits;

    /** @throws OutOfMemoryError when there is no memory for it */
    HostCache(OnnxSession session, CausalShape shape, int slots, int room) throws OrtException {
        this.session = session;
        this.shape = shape;
        this.slots = slots;
        this.room = room;
        this.positions = session.session().getInputNames().contains(CausalGraph.POSITIONS);
        try {
            for (int i = 0; i < 2 * shape.layers(); i++) {
                blocks.add(arena.allocate(slots * shape.slotBytes(room), ALIGNMENT));
            }
            logits = arena.allocate((long) slots * shape.vocabSize() * Float.BYTES, ALIGNMENT);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public MemorySegment run(ModelInput input) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        OrtEnvironment environment = session.environment();
        int rows = input.rows();
        try {
            MemorySegment scores = logits.asSlice(0, (long) rows * shape.vocabSize() * Float.BYTES);
            inputs.put(
                    CausalGraph.EMBEDS,
                    OnnxTensor.createTensor(
                            environment,
                            bytes(input.embeddings()).asFloatBuffer(),
                            new long[] {rows, input.length(), shape.hiddenSize()}));
            inputs.put(
                    CausalGraph.LENGTHS,
                    OnnxTensor.createTensor(environment, bytes(input.lengths()).asIntBuffer(), new long[] {rows}));
            inputs.put(
                    CausalGraph.TOTAL,
                    OnnxTensor.createTensor(environment, bytes(input.total()).asIntBuffer(), new long[] {}));
            if (positions) {
                inputs.put(
                        CausalGraph.POSITIONS,
                        OnnxTensor.createTensor(
                                environment, bytes(input.positions()).asLongBuffer(), new long[] {rows, input.length()
                                }));
            }
            outputs.put(
                    CausalGraph.LOGITS,
                    OnnxTensor.createTensor(
                            environment, bytes(scores).asFloatBuffer(), new long[] {rows, shape.vocabSize()}));
            bind(input.firstSlot(), rows, inputs, outputs);
            session.session().run(inputs, Set.of(), outputs).close();
            return scores;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
            if (outputs.containsKey(CausalGraph.LOGITS)) {
                outputs.get(CausalGraph.LOGITS).close();
            }
        }
    }

    private void bind(int first, int rows, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs)
            throws OrtException {
        long[] extent = {rows, shape.keyValueHeads(), room, shape.headSize()};
        for (int i = 0; i < blocks.size(); i++) {
            MemorySegment part = blocks.get(i).asSlice(first * shape.slotBytes(room), rows * shape.slotBytes(room));
            OnnxTensor tensor = cacheTensor(bytes(part), extent);
            inputs.put(CausalGraph.past(i), tensor);
            outputs.put(CausalGraph.present(i), tensor);
        }
    }

    private OnnxTensor cacheTensor(ByteBuffer part, long[] extent) throws OrtException {
        return shape.cache() == ElementType.FLOAT16
                ? OnnxTensor.createTensor(session.environment(), part, extent, OnnxJavaType.FLOAT16)
                : OnnxTensor.createTensor(session.environment(), part.asFloatBuffer(), extent);
    }

    @Override
    public void copy(List<Copy> copies) {
        long token = shape.headSize() * shape.cache().bytes();
        long slot = shape.slotBytes(room);
        for (MemorySegment block : blocks) {
            for (Copy copy : copies) {
                long bytes = (copy.to() - copy.from()) * token;
                for (int head = 0; head < shape.keyValueHeads(); head++) {
                    long start = ((long) head * room + copy.from()) * token;
                    MemorySegment.copy(block, copy.source() * slot + start, block, copy.target() * slot + start, bytes);
                }
            }
        }
    }

    private static ByteBuffer bytes(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        arena.close();
    }
}
