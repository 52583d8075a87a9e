package dev.plaudit.inference.decoding;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;
import static dev.plaudit.inference.onnx.ElementType.INT64;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.onnx.ffi.Binding;
import dev.plaudit.inference.onnx.ffi.DeviceMemory;
import dev.plaudit.inference.onnx.ffi.NativeSession;
import dev.plaudit.inference.onnx.ffi.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Small graphs that clear and copy slots of a cache on the device where it lies. A block of the cache is {@code [slots,
 * size]} to them. Thread-safe.
 */
final class CacheMoves implements AutoCloseable {
    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final String SHAPE = "shape";

    private final CausalShape shape;
    private final List<String> moved = new ArrayList<>();
    private final NativeSession copying;
    private final NativeSession clearing;
    private final String cleared;

    /** @throws dev.plaudit.inference.ModelException when the device cannot be used */
    CacheMoves(CausalShape shape, Path folder, InferenceOptions options, Device device) {
        this.shape = shape;
        this.copying = NativeSession.open(new OnnxModel(copies(), folder, List.of()), options, device);
        GraphBuilder graph = new GraphBuilder();
        Value zeros = zeros(graph);
        this.cleared = zeros.name();
        try {
            this.clearing = NativeSession.open(new OnnxModel(graph.toByteArray(), folder, List.of()), options, device);
        } catch (RuntimeException e) {
            copying.close();
            throw e;
        }
    }

    /** In every block, writes the slots {@value #SOURCE} over the slots {@value #TARGET}. */
    private byte[] copies() {
        GraphBuilder graph = new GraphBuilder();
        Dimension[] extent = {Dimension.of("slots"), Dimension.of("size")};
        Value source = graph.input(SOURCE, INT64, Dimension.of("copies"));
        Value target = graph.input(TARGET, INT64, Dimension.of("copies"), Dimension.of(1));
        for (int i = 0; i < 2 * shape.layers(); i++) {
            Value block = graph.input(CausalGraph.past(i), shape.cache(), extent);
            Value slot = graph.op("Gather", List.of(block, source), Attribute.of("axis", 0));
            Value result = graph.op("ScatterND", List.of(block, target, slot));
            graph.output(result, shape.cache(), extent);
            moved.add(result.name());
        }
        return graph.toByteArray();
    }

    private Value zeros(GraphBuilder graph) {
        Value zeros = graph.op("ConstantOfShape", List.of(graph.input(SHAPE, INT64, Dimension.of(2))));
        Value typed =
                shape.cache() == FLOAT ? zeros : graph.op("Cast", List.of(zeros), Attribute.of("to", shape.cache()));
        graph.output(typed, shape.cache(), Dimension.of("slots"), Dimension.of("size"));
        return typed;
    }

    /** Writes slots over others, in every block. */
    void copy(List<DeviceMemory> blocks, long slots, long size, List<KvCache.Copy> copies) {
        long[] sources = copies.stream().mapToLong(KvCache.Copy::source).toArray();
        long[] targets = copies.stream().mapToLong(KvCache.Copy::target).toArray();
        try (Arena memory = Arena.ofConfined();
                Binding binding = copying.bind();
                NativeTensor from =
                        copying.tensor(memory.allocateFrom(ValueLayout.JAVA_LONG, sources), INT64, sources.length);
                NativeTensor to =
                        copying.tensor(memory.allocateFrom(ValueLayout.JAVA_LONG, targets), INT64, targets.length, 1)) {
            binding.input(SOURCE, from).input(TARGET, to);
            for (int i = 0; i < blocks.size(); i++) {
                try (NativeTensor block = copying.tensor(blocks.get(i), 0, shape.cache(), slots, size)) {
                    binding.input(CausalGraph.past(i), block).output(moved.get(i), block);
                }
            }
            binding.run();
        }
    }

    /** Sets every block to zero: what was in the memory before could be no numbers. */
    void clear(List<DeviceMemory> blocks, long slots, long size) {
        try (Arena memory = Arena.ofConfined();
                Binding binding = clearing.bind();
                NativeTensor extent =
                        clearing.tensor(memory.allocateFrom(ValueLayout.JAVA_LONG, slots, size), INT64, 2)) {
            binding.input(SHAPE, extent);
            for (DeviceMemory memoryOfBlock : blocks) {
                try (NativeTensor block = clearing.tensor(memoryOfBlock, 0, shape.cache(), slots, size)) {
                    binding.output(cleared, block);
                }
                binding.run();
            }
        }
    }

    @Override
    public void close() {
        copying.close();
        clearing.close();
    }
}
