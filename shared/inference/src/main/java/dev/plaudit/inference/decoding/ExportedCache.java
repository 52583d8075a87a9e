package dev.plaudit.inference.decoding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values for an exported decoder, {@code [slots, heads, room, head]} for every layer. Each run is given a copy of as
 * much of it as is filled. Sequences of different lengths run one after the other, since whether a decoder bears padding
 * depends on how it was exported.
 */
final class ExportedCache implements KvCache {
    private final ExportedSession exported;
    private final CausalShape shape;
    private final int slots;
    private final int room;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] blocks;
    private final MemorySegment logits;

    ExportedCache(ExportedSession exported, int slots, int room) {
        this.exported = exported;
        this.shape = exported.shape();
        this.slots = slots;
        this.room = room;
        this.blocks = new MemorySegment[2 * shape.layers()];
        Arrays.setAll(blocks, block -> arena.allocate(slots * shape.slotBytes(room), Long.BYTES));
        this.logits = arena.allocate((long) slots * shape.vocabSize() * Float.BYTES, Long.BYTES);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public MemorySegment run(ModelInput input) {
        int first = 0;
        for (int row = 1; row <= input.rows(); row++) {
            if (row == input.rows() || before(input, row) != before(input, first)) {
                run(input, first, row);
                first = row;
            }
        }
        return logits.asSlice(0, (long) input.rows() * shape.vocabSize() * Float.BYTES);
    }

    private static int before(ModelInput input, int row) {
        return (int) input.positions().getAtIndex(ValueLayout.JAVA_LONG, (long) row * input.length());
    }

    /** Runs rows of one length. */
    private void run(ModelInput input, int first, int end) {
        int rows = end - first;
        int length = input.length();
        int before = before(input, first);
        long[] ids = new long[rows * length];
        long[] positions = new long[rows * length];
        long[] mask = new long[rows * (before + length)];
        Arrays.fill(mask, 1);
        for (int i = 0; i < ids.length; i++) {
            long at = (long) first * length + i;
            ids[i] = (long) input.embeddings().getAtIndex(ValueLayout.JAVA_FLOAT, at);
            positions[i] = input.positions().getAtIndex(ValueLayout.JAVA_LONG, at);
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        OrtEnvironment environment = exported.session().environment();
        try (Arena memory = Arena.ofConfined()) {
            put(environment, inputs, ExportedSession.IDS, ids, rows, length);
            put(environment, inputs, ExportedSession.MASK, mask, rows, before + length);
            if (exported.positions()) {
                put(environment, inputs, ExportedSession.POSITIONS, positions, rows, length);
            }
            long[] extent = {rows, shape.keyValueHeads(), before, shape.headSize()};
            for (int block = 0; block < blocks.length; block++) {
                FloatBuffer past = past(blocks[block], input.firstSlot() + first, rows, before, memory);
                inputs.put(ExportedSession.past(block), OnnxTensor.createTensor(environment, past, extent));
            }
            try (OrtSession.Result result = exported.session().session().run(inputs)) {
                FloatBuffer scores = floats(result, ExportedSession.LOGITS);
                FloatBuffer last =
                        logits.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
                for (int row = 0; row < rows; row++) {
                    last.put(
                            (first + row) * shape.vocabSize(),
                            scores,
                            ((row + 1) * length - 1) * shape.vocabSize(),
                            shape.vocabSize());
                }
                for (int block = 0; block < blocks.length; block++) {
                    keep(
                            floats(result, ExportedSession.present(block)),
                            blocks[block],
                            input.firstSlot() + first,
                            rows,
                            before,
                            length);
                }
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void put(
            OrtEnvironment environment, Map<String, OnnxTensor> inputs, String name, long[] values, long... shape)
            throws OrtException {
        inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
    }

    private static FloatBuffer floats(OrtSession.Result result, String name) {
        return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    }

    /** The first tokens of some slots, {@code [rows, heads, tokens, head]}. */
    private FloatBuffer past(MemorySegment block, int slot, int rows, int tokens, Arena memory) {
        long size = shape.slotBytes(tokens);
        ByteBuffer copy = size == 0
                ? ByteBuffer.allocateDirect(0)
                : memory.allocate(rows * size, Long.BYTES).asByteBuffer();
        for (int head = 0; head < rows * shape.keyValueHeads() && size > 0; head++) {
            long bytes = (long) tokens * shape.headSize() * Float.BYTES;
            MemorySegment.copy(block, start(slot, head, 0), MemorySegment.ofBuffer(copy), head * bytes, bytes);
        }
        return copy.order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Writes the new tokens of {@code present} to their slots. */
    private void keep(FloatBuffer present, MemorySegment block, int slot, int rows, int before, int length) {
        float[] values = new float[length * shape.headSize()];
        for (int head = 0; head < rows * shape.keyValueHeads(); head++) {
            present.get((head * (before + length) + before) * shape.headSize(), values);
            MemorySegment.copy(values, 0, block, ValueLayout.JAVA_FLOAT, start(slot, head, before), values.length);
        }
    }

    /** Where a token of a head stands, the heads of a slot and those of the following ones counted on. */
    private long start(int slot, int head, int token) {
        return (((long) slot * shape.keyValueHeads() + head) * room + token) * shape.headSize() * Float.BYTES;
    }

    @Override
    public void copy(List<Copy> copies) {
        for (Copy copy : copies) {
            long bytes = (long) (copy.to() - copy.from()) * shape.headSize() * Float.BYTES;
            for (MemorySegment block : blocks) {
                for (int head = 0; head < shape.keyValueHeads(); head++) {
                    MemorySegment.copy(
                            block,
                            start(copy.source(), head, copy.from()),
                            block,
                            start(copy.target(), head, copy.from()),
                            bytes);
                }
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
