package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tensors as the initialisers of a graph. F32 tensors are used where they lie: ONNX Runtime maps the
 * file. All others are widened to F32 once, when the model is opened, and handed over in memory, so that no run casts
 * anything; that costs four bytes a parameter. The same goes for quantised matrices, at one byte, and for shards that
 * are links into another folder than the first.
 */
public final class Weights {
    private static final int ZERO_POINT = 128;

    private final GraphBuilder graph;
    private final SafeTensors checkpoint;
    private final Path folder;
    private final Arena memory;
    private final List<OnnxModel.Held> held = new ArrayList<>();
    private final Map<String, Value> values = new HashMap<>();

    /**
     * @param memory where the tensors that are handed over live; it may be closed once the session is open
     * @throws ModelException when the checkpoint has no tensor at all
     */
    public Weights(GraphBuilder graph, SafeTensors checkpoint, Arena memory) {
        if (checkpoint.names().isEmpty()) {
            throw new ModelException("the checkpoint has no tensors");
        }
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.memory = memory;
        this.folder = checkpoint.tensor(checkpoint.names().getFirst()).file().getParent();
    }

    /**
     * A tensor of the checkpoint.
     *
     * @throws ModelException when it is missing or has another shape
     */
    public Value get(String name, long... shape) {
        TensorInfo tensor = require(name, shape);
        return values.computeIfAbsent(
                name,
                key -> tensor.dtype() == DType.F32 && tensor.file().getParent().equals(folder)
                        ? graph.external(
                                name,
                                ElementType.FLOAT,
                                shape,
                                tensor.file().getFileName().toString(),
                                tensor.offset(),
                                tensor.length())
                        : floats(name, checkpoint.floats(name), shape));
    }

    /**
     * A linear layer's weight {@code [out, in]} as unsigned bytes {@code [in, out]}, symmetric about 128, with one scale
     * per output channel: {@code w ≈ scale · (q − 128)}.
     */
    public Quantized quantized(String name, int out, int in) {
        require(name, out, in);
        float[] weight = checkpoint.floats(name);
        MemorySegment matrix = memory.allocate((long) out * in);
        float[] scales = new float[out];
        for (int row = 0; row < out; row++) {
            float max = Float.MIN_NORMAL;
            for (int column = 0; column < in; column++) {
                max = Math.max(max, Math.abs(weight[row * in + column]));
            }
            scales[row] = max / 127;
            for (int column = 0; column < in; column++) {
                int steps = Math.round(weight[row * in + column] / scales[row]);
                matrix.set(ValueLayout.JAVA_BYTE, (long) column * out + row, (byte) (steps + ZERO_POINT));
            }
        }
        return new Quantized(
                hold(name + ".quantized", ElementType.UINT8, matrix, in, out),
                floats(name + ".scale", scales, out),
                hold(
                        name + ".zero_point",
                        ElementType.UINT8,
                        memory.allocate(out).fill((byte) ZERO_POINT),
                        out));
    }

    /** A quantised matrix: its bytes, scales and zero points, as {@code DynamicQuantizeMatMul} takes them. */
    public record Quantized(Value matrix, Value scale, Value zeroPoint) {}

    /** The graph as built so far, with these weights. */
    public OnnxModel model() {
        return new OnnxModel(graph.toByteArray(), folder, List.copyOf(held));
    }

    private TensorInfo require(String name, long... shape) {
        TensorInfo tensor = checkpoint.tensor(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new ModelException(tensor.file() + ": tensor " + name + " has the shape "
                    + Arrays.toString(tensor.shape()) + ", but the configuration asks for " + Arrays.toString(shape));
        }
        return tensor;
    }

    private Value floats(String name, float[] elements, long... shape) {
        return hold(name, ElementType.FLOAT, memory.allocateFrom(ValueLayout.JAVA_FLOAT, elements), shape);
    }

    private Value hold(String name, ElementType type, MemorySegment data, long... shape) {
        held.add(new OnnxModel.Held(name, type, shape, data));
        return graph.external(name, type, shape, "memory", 0, data.byteSize());
    }
}
