package dev.plaudit.inference.decoding;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keys and values in the computer's own memory, {@code [slots, heads, room, head]} for every layer. ONNX Runtime is given
 * the same memory as past and as present, so that a step writes its own tokens and copies nothing.
 */
final class HostCache implements KvCache {
    private static final int ALIGNMENT = 64;

    /** The tensors of consecutive slots, one for each block. */
    private record Bound(int first, int rows, List<OnnxTensor> blocks) implements AutoCloseable {
        @Override
        public void close() {
            blocks.forEach(OnnxTensor::close);
        }
    }

    private final OnnxSession session;
    private final CausalShape shape;
    private final int slots;
    private final int room;
    private final boolean positions;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final MemorySegment logits;
    private Bound bound = new Bound(0, 0, List.of());

    /**
     * @throws ModelException when a block is larger than the 2 GiB that a buffer can hold
     * @throws OutOfMemoryError when there is no memory for it
     */
    HostCache(OnnxSession session, CausalShape shape, int slots, int room) throws OrtException {
        this.session = session;
        this.shape = shape;
        this.slots = slots;
        this.room = room;
        this.positions = session.session().getInputNames().contains(CausalGraph.POSITIONS);
        if (slots * shape.slotBytes(room) > Integer.MAX_VALUE) {
            throw new ModelException(
                    "%d rows of %d tokens need %d MiB for each layer's keys: the most is 2 GiB, take fewer or shorter ones"
                            .formatted(slots, room, slots * shape.slotBytes(room) >> 20));
        }
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
        OrtEnvironment environment = session.environment();
        int rows = input.rows();
        MemorySegment scores = logits.asSlice(0, (long) rows * shape.vocabSize() * Float.BYTES);
        long[] tokens = {rows, input.length()};
        try (OnnxTensor embeds = OnnxTensor.createTensor(
                        environment,
                        bytes(input.embeddings()).asFloatBuffer(),
                        new long[] {rows, input.length(), shape.hiddenSize()});
                OnnxTensor lengths = OnnxTensor.createTensor(
                        environment, bytes(input.lengths()).asIntBuffer(), new long[] {rows});
                OnnxTensor total = OnnxTensor.createTensor(
                        environment, bytes(input.total()).asIntBuffer(), new long[] {});
                OnnxTensor places = OnnxTensor.createTensor(
                        environment, bytes(input.positions()).asLongBuffer(), tokens);
                OnnxTensor output = OnnxTensor.createTensor(
                        environment, bytes(scores).asFloatBuffer(), new long[] {rows, shape.vocabSize()})) {
            Map<String, OnnxTensor> inputs = new HashMap<>(
                    Map.of(CausalGraph.EMBEDS, embeds, CausalGraph.LENGTHS, lengths, CausalGraph.TOTAL, total));
            if (positions) {
                inputs.put(CausalGraph.POSITIONS, places);
            }
            Map<String, OnnxTensor> outputs = new HashMap<>(Map.of(CausalGraph.LOGITS, output));
            bind(input.firstSlot(), rows);
            for (int i = 0; i < blocks.size(); i++) {
                inputs.put(CausalGraph.past(i), bound.blocks().get(i));
                outputs.put(CausalGraph.present(i), bound.blocks().get(i));
            }
            session.session().run(inputs, Set.of(), outputs).close();
            return scores;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    /** Makes tensors of some slots, unless they are those of the last run. */
    private void bind(int first, int rows) throws OrtException {
        if (bound.first() == first && bound.rows() == rows) {
            return;
        }
        bound.close();
        bound = new Bound(0, 0, List.of());
        List<OnnxTensor> tensors = new ArrayList<>();
        long[] extent = {rows, shape.keyValueHeads(), room, shape.headSize()};
        for (MemorySegment block : blocks) {
            MemorySegment part = block.asSlice(first * shape.slotBytes(room), rows * shape.slotBytes(room));
            tensors.add(cacheTensor(bytes(part), extent));
        }
        bound = new Bound(first, rows, tensors);
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
        bound.close();
        arena.close();
    }
}
