package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorBytes;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A checkpoint's tensors as the initialisers of a graph. F32 tensors are used where they lie: ONNX Runtime maps the
 * file. All others are widened to F32 once, when the model is opened, and handed over in memory, so that no run casts
 * anything; that costs four bytes a parameter. The same goes for shards that are links into another folder than the
 * first. Quantised matrices are computed once and kept in a {@link Sidecar}.
 */
public final class Weights {
    private final GraphBuilder graph;
    private final SafeTensors checkpoint;
    private final Path folder;
    private final Precision precision;
    private final Arena memory;
    private final Sidecar sidecar;
    private final SequencedMap<String, TensorBytes> made = new LinkedHashMap<>();
    private final List<OnnxModel.Held> held = new ArrayList<>();
    private final Map<String, Value> values = new HashMap<>();

    /**
     * @param part of the checkpoint that the graph is, which names the file of its quantised matrices
     * @param precision of the matrix products
     * @param memory where the tensors that are handed over live; it may be closed once the session is open
     * @throws ModelException when the checkpoint has no tensor at all
     */
    public Weights(GraphBuilder graph, SafeTensors checkpoint, String part, Precision precision, Arena memory) {
        if (checkpoint.names().isEmpty()) {
            throw new ModelException("the checkpoint has no tensors");
        }
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.memory = memory;
        this.folder = checkpoint.tensor(checkpoint.names().getFirst()).file().getParent();
        this.precision = precision;
        this.sidecar = Sidecar.of(checkpoint, folder, part, precision);
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
                        ? inPlace(ElementType.FLOAT, tensor)
                        : floats(name, checkpoint.floats(name), shape));
    }

    /** A linear layer's weight {@code [out, in]} as bytes, with one scale per output channel. */
    public Quantized int8(String name, int out, int in) {
        require(name, out, in);
        float[] scales = new float[out];
        Value matrix = quantized(
                name,
                new long[] {in, out},
                scales,
                weight -> Quantization.int8(weight, out, in, scales, memory),
                new long[] {out});
        MemorySegment zeroPoints = memory.allocate(out).fill(Quantization.ZERO_POINT);
        return new Quantized(
                matrix,
                new Value(name + Sidecar.SCALE),
                hold(name + ".zero_point", ElementType.UINT8, zeroPoints, out));
    }

    /** A matrix in bytes, as {@code DynamicQuantizeMatMul} takes it. */
    public record Quantized(Value matrix, Value scale, Value zeroPoint) {}

    /** A linear layer's weight {@code [out, in]} in four bits, with one scale per block of 32 inputs. */
    public Blocked int4(String name, int out, int in) {
        require(name, out, in);
        int blocks = Quantization.blocks(in);
        float[] scales = new float[out * blocks];
        Value matrix = quantized(
                name,
                new long[] {out, blocks, Quantization.BLOCK / 2},
                scales,
                weight -> Quantization.int4(weight, out, in, scales, memory),
                new long[] {scales.length});
        return new Blocked(matrix, new Value(name + Sidecar.SCALE));
    }

    /** A matrix in four bits, as {@code MatMulNBits} takes it. */
    public record Blocked(Value matrix, Value scales) {}

    /** In what numbers matrix products are computed. */
    public Precision precision() {
        return precision;
    }

    /** The matrix from the sidecar or, where there is none yet, quantised now and kept for it; its scales likewise. */
    private Value quantized(
            String name,
            long[] shape,
            float[] scales,
            Function<float[], MemorySegment> quantization,
            long[] scalesShape) {
        String matrix = name + Sidecar.MATRIX;
        String scale = name + Sidecar.SCALE;
        if (!values.containsKey(matrix)) {
            sidecar.find(matrix, DType.U8, shape)
                    .ifPresentOrElse(
                            found -> {
                                values.put(matrix, inPlace(ElementType.UINT8, found));
                                TensorInfo known = sidecar.find(scale, DType.F32, scalesShape)
                                        .orElseThrow();
                                inPlace(ElementType.FLOAT, known);
                            },
                            () -> {
                                MemorySegment data = quantization.apply(checkpoint.floats(name));
                                MemorySegment factors = memory.allocateFrom(ValueLayout.JAVA_FLOAT, scales);
                                values.put(matrix, hold(matrix, ElementType.UINT8, data, shape));
                                hold(scale, ElementType.FLOAT, factors, scalesShape);
                                made.put(matrix, new TensorBytes(DType.U8, shape, data));
                                made.put(scale, new TensorBytes(DType.F32, scalesShape, factors));
                            });
        }
        return values.get(matrix);
    }

    private Value inPlace(ElementType type, TensorInfo tensor) {
        return graph.external(
                tensor.name(),
                type,
                tensor.shape(),
                tensor.file().getFileName().toString(),
                tensor.offset(),
                tensor.length());
    }

    /** The graph as built so far, with these weights. */
    public OnnxModel model() {
        sidecar.write(made);
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
