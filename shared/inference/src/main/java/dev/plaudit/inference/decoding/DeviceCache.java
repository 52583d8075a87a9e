package dev.plaudit.inference.decoding;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;
import static dev.plaudit.inference.onnx.ElementType.INT32;
import static dev.plaudit.inference.onnx.ElementType.INT64;

import dev.plaudit.inference.onnx.ffi.Binding;
import dev.plaudit.inference.onnx.ffi.DeviceMemory;
import dev.plaudit.inference.onnx.ffi.NativeSession;
import dev.plaudit.inference.onnx.ffi.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values in the memory of a session's device, {@code [slots, heads, room, head]} for every layer. A run is given
 * the same memory as past and as present, and slots are copied on the device: only embeddings and logits cross the bus.
 */
final class DeviceCache implements KvCache {
    private static final int ALIGNMENT = 64;

    private final NativeSession session;
    private final CacheMoves moves;
    private final CausalShape shape;
    private final boolean positions;
    private final int slots;
    private final int room;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment logits;
    private final List<DeviceMemory> blocks = new ArrayList<>();

    DeviceCache(NativeSession session, CacheMoves moves, CausalShape shape, boolean positions, int slots, int room) {
        this.session = session;
        this.moves = moves;
        this.shape = shape;
        this.positions = positions;
        this.slots = slots;
        this.room = room;
        try {
            for (int i = 0; i < 2 * shape.layers(); i++) {
                blocks.add(session.allocate(slots * shape.slotBytes(room)));
            }
            moves.clear(blocks, slots, slotSize());
            logits = arena.allocate((long) slots * shape.vocabSize() * Float.BYTES, ALIGNMENT);
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public MemorySegment run(ModelInput input) {
        long rows = input.rows();
        try (Binding binding = session.bind()) {
            MemorySegment scores = logits.asSlice(0, rows * shape.vocabSize() * Float.BYTES);
            bind(
                    binding,
                    CausalGraph.EMBEDS,
                    session.tensor(input.embeddings(), FLOAT, rows, input.length(), shape.hiddenSize()));
            bind(binding, CausalGraph.LENGTHS, session.tensor(input.lengths(), INT32, rows));
            bind(binding, CausalGraph.TOTAL, session.tensor(input.total(), INT32));
            if (positions) {
                bind(binding, CausalGraph.POSITIONS, session.tensor(input.positions(), INT64, rows, input.length()));
            }
            long offset = input.firstSlot() * shape.slotBytes(room);
            for (int i = 0; i < blocks.size(); i++) {
                try (NativeTensor block = session.tensor(
                        blocks.get(i), offset, shape.cache(), rows, shape.keyValueHeads(), room, shape.headSize())) {
                    binding.input(CausalGraph.past(i), block).output(CausalGraph.present(i), block);
                }
            }
            try (NativeTensor output = session.tensor(scores, FLOAT, rows, shape.vocabSize())) {
                binding.output(CausalGraph.LOGITS, output);
            }
            binding.run();
            return scores;
        }
    }

    private static void bind(Binding binding, String name, NativeTensor tensor) {
        try (tensor) {
            binding.input(name, tensor);
        }
    }

    /** Copies whole slots: each is one stretch of memory, and the device has bandwidth to spare. */
    @Override
    public void copy(List<Copy> copies) {
        moves.copy(blocks, slots, slotSize(), copies);
    }

    private long slotSize() {
        return shape.slotBytes(room) / shape.cache().bytes();
    }

    @Override
    public void close() {
        blocks.forEach(DeviceMemory::close);
        arena.close();
    }
}
