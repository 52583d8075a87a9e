package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.TensorInfo;
import dev.plaudit.inference.safetensors.TensorStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A checkpoint's tensors as the initialisers of a graph. Those in the numbers that the graph computes in are used where they
 * lie: ONNX Runtime maps the file. Quantised matrices are computed once and kept in a {@link Sidecar}, and so is what an
 * {@linkplain #conversion import} converted. All others are converted when the model is opened and handed over in memory, so
 * that no run casts weights; that costs their bytes. The same goes for shards that lie in another folder than the sidecar.
 */
public final class Weights {
    private static final System.Logger LOG = System.getLogger(Weights.class.getName());
    private static final long VALUES_AT_ONCE = 1 << 20;

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final Path folder;
    private final String part;
    private final Precision precision;
    private final Arena memory;
    private final Sidecar sidecar;
    private final Set<String> inPlace = new LinkedHashSet<>();
    private final SequencedMap<String, TensorStream> converted = new LinkedHashMap<>();
    private final SequencedMap<String, TensorStream> quantized = new LinkedHashMap<>();
    private final List<OnnxModel.Held> held = new ArrayList<>();
    private long byteSize;

    /**
     * The weights of a checkpoint whose sidecar lies beside its first tensor.
     *
     * @param part of the checkpoint that the graph is, which names the file of its quantised matrices
     * @param precision of the matrix products
     * @param memory where the tensors that are handed over live; it may be closed once the session is open
     * @throws ModelException when the checkpoint has no tensor at all
     */
    public Weights(GraphBuilder graph, Checkpoint checkpoint, String part, Precision precision, Arena memory) {
        this(graph, checkpoint, folder(checkpoint), part, precision, memory);
    }

    /**
     * The weights of a checkpoint whose sidecar lies anywhere.
     *
     * @param folder of the sidecar
     */
    public Weights(
            GraphBuilder graph, Checkpoint checkpoint, Path folder, String part, Precision precision, Arena memory) {
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.memory = memory;
        this.folder = folder;
        this.part = part;
        this.precision = precision;
        this.sidecar = Sidecar.of(checkpoint, folder, part, precision);
    }

    private static Path folder(Checkpoint checkpoint) {
        if (checkpoint.names().isEmpty()) {
            throw new ModelException("the checkpoint has no tensors");
        }
        return checkpoint.tensor(checkpoint.names().getFirst()).file().getParent();
    }

    /** The file that holds a part of a checkpoint in a precision. */
    public static Path file(Path folder, String part, Precision precision) {
        return Sidecar.file(folder, part, precision);
    }

    /**
     * A tensor of the checkpoint.
     *
     * @throws ModelException when it is missing or has another shape
     */
    public Value get(String name, long... shape) {
        return as(DType.F32, require(name, shape));
    }

    /**
     * A linear layer's weight {@code [out, in]} in half precision.
     *
     * @throws ModelException when it is missing or has another shape
     */
    public Value half(String name, int out, int in) {
        return as(DType.F16, require(name, out, in));
    }

    private Value as(DType type, TensorInfo tensor) {
        String name = tensor.name();
        if (checkpoint.isStored(name)
                && tensor.dtype() == type
                && tensor.file().getParent().equals(folder)) {
            if (inPlace.add(name)) {
                byteSize += tensor.length();
                inPlace(tensor);
            }
        } else {
            converted.computeIfAbsent(name, key -> type == DType.F16 ? half(name) : single(name));
        }
        return new Value(name);
    }

    /** Numbers that the graph needs beside the checkpoint's. */
    public Value of(String name, float[] values, long... shape) {
        byteSize += (long) values.length * Float.BYTES;
        hold(name, ElementType.FLOAT, memory.allocateFrom(ValueLayout.JAVA_FLOAT, values), shape);
        return new Value(name);
    }

    /** A linear layer's weight {@code [out, in]} as bytes, with one scale per output channel. */
    public Quantized int8(String name, int out, int in) {
        quantize(name, List.of(new Rows(name, out)), in);
        String zero = name + ".zero_point";
        if (inPlace.add(zero)) {
            hold(zero, ElementType.UINT8, memory.allocate(out).fill(Quantization.ZERO_POINT), out);
        }
        return new Quantized(new Value(name + Sidecar.MATRIX), new Value(name + Sidecar.SCALE), new Value(zero));
    }

    /** A matrix in bytes, as {@code DynamicQuantizeMatMul} takes it. */
    public record Quantized(Value matrix, Value scale, Value zeroPoint) {}

    /**
     * Weights of linear layers {@code [out, in]}, stacked, in four bits with one scale per block of inputs.
     *
     * @param name of them together
     */
    public Blocked blocked(String name, List<Rows> matrices, int in) {
        quantize(name, matrices, in);
        return new Blocked(new Value(name + Sidecar.MATRIX), new Value(name + Sidecar.SCALE));
    }

    /** A matrix in four bits, as {@code MatMulNBits} takes it. */
    public record Blocked(Value matrix, Value scales) {}

    /** In what numbers matrix products are computed. */
    public Precision precision() {
        return precision;
    }

    /** Bytes of all that the graph built so far reads. */
    public long byteSize() {
        return byteSize
                + Stream.of(quantized, converted)
                        .flatMap(tensors -> tensors.values().stream())
                        .mapToLong(TensorStream::byteSize)
                        .sum();
    }

    /** Whether the graph built so far reads a tensor as it is stored. */
    public boolean reads(String name) {
        return inPlace.contains(name);
    }

    /** The graph as built so far, with these weights; what the sidecar lacks is computed now. */
    public OnnxModel model() {
        Sidecar complete = sidecar;
        if (!quantized.entrySet().stream().allMatch(tensor -> isIn(sidecar, tensor.getKey(), tensor.getValue()))) {
            try {
                complete = sidecar.write(quantized);
            } catch (IOException e) {
                LOG.log(
                        Level.INFO,
                        () -> sidecar.file() + " cannot be written, so that each start quantises anew: " + e);
            }
        }
        for (SequencedMap<String, TensorStream> made : List.of(quantized, converted)) {
            for (var tensor : made.entrySet()) {
                if (isIn(complete, tensor.getKey(), tensor.getValue())) {
                    inPlace(complete.tensors().get(tensor.getKey()));
                } else {
                    hold(tensor.getKey(), tensor.getValue());
                }
            }
        }
        return new OnnxModel(graph.toByteArray(), folder, List.copyOf(held));
    }

    /**
     * What an import must write so that this graph opens without computing anything.
     *
     * @param target the folder to write to
     * @param others further tensors that are to be there; where any are named, so are all that the graph reads, and what is
     *     written can stand alone
     */
    public Conversion conversion(Path target, List<String> others) {
        SequencedMap<String, TensorStream> tensors = new LinkedHashMap<>(quantized);
        if (precision == Precision.FP32 || precision == Precision.FP16 || !others.isEmpty()) {
            tensors.putAll(converted);
        }
        if (!others.isEmpty()) {
            inPlace.stream().filter(checkpoint.names()::contains).forEach(name -> tensors.put(name, copy(name)));
            others.forEach(name -> tensors.putIfAbsent(name, copy(name)));
        }
        return new Conversion(
                new Sidecar(Sidecar.file(target, part, precision), checkpoint, sidecar.tensors()), tensors);
    }

    /**
     * Reads every tensor that the graph uses where it lies, and others, since nothing else has; but not those of an import
     * that stands alone, which has read them.
     *
     * @throws ModelException when a number is not finite
     */
    public void requireFinite(String... others) {
        if (sidecar.standsAlone()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>(inPlace);
        names.addAll(List.of(others));
        for (String name : names) {
            if (checkpoint.names().contains(name)) {
                try {
                    single(name).content().writeTo(bytes -> {});
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void quantize(String name, List<Rows> matrices, int in) {
        if (!quantized.containsKey(name + Sidecar.MATRIX)) {
            QuantizedMatrix matrix = new QuantizedMatrix(checkpoint, matrices, in, precision);
            if (!isIn(sidecar, name + Sidecar.MATRIX, matrix.matrix())) {
                matrices.forEach(rows -> require(rows.weight(), rows.out(), in));
            }
            quantized.put(name + Sidecar.MATRIX, matrix.matrix());
            quantized.put(name + Sidecar.SCALE, matrix.scaleStream());
        }
    }

    private static boolean isIn(Sidecar sidecar, String name, TensorStream tensor) {
        return sidecar.find(name, tensor.dtype(), tensor.shape()).isPresent();
    }

    /** A tensor in single precision. */
    private TensorStream single(String name) {
        return stream(name, DType.F32, MemorySegment::ofArray);
    }

    /** A tensor in half precision. */
    private TensorStream half(String name) {
        return stream(name, DType.F16, values -> {
            short[] halves = new short[values.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Float.floatToFloat16(values[i]);
                if (Float.isInfinite(Float.float16ToFloat(halves[i]))) {
                    throw new ModelException(checkpoint.tensor(name).file() + ": tensor " + name + " holds " + values[i]
                            + ", which is too large for half precision");
                }
            }
            return MemorySegment.ofArray(halves);
        });
    }

    private TensorStream stream(String name, DType type, Function<float[], MemorySegment> converting) {
        return new TensorStream(type, checkpoint.tensor(name).shape(), sink -> {
            long[] shape = checkpoint.tensor(name).shape();
            long rows = shape.length == 0 ? 1 : shape[0];
            long width = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            long atOnce = Math.max(1, VALUES_AT_ONCE / width);
            for (long row = 0; row < rows; row += atOnce) {
                float[] values = checkpoint.rows(name, row, Math.min(atOnce, rows - row));
                sink.write(converting.apply(QuantizedMatrix.finite(checkpoint, name, values)));
            }
        });
    }

    /** A tensor as it is stored. */
    private TensorStream copy(String name) {
        return checkpoint.isStored(name)
                ? new TensorStream(
                        checkpoint.tensor(name).dtype(),
                        checkpoint.tensor(name).shape(),
                        sink -> sink.write(checkpoint.segment(name)))
                : single(name);
    }

    private void inPlace(TensorInfo tensor) {
        graph.external(
                tensor.name(),
                type(tensor.dtype()),
                tensor.shape(),
                tensor.file().getFileName().toString(),
                tensor.offset(),
                tensor.length());
    }

    /**
     * A tensor that must be there.
     *
     * @throws ModelException when it is missing or has another shape
     */
    public TensorInfo require(String name, long... shape) {
        TensorInfo tensor = checkpoint.tensor(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new ModelException(tensor.file() + ": tensor " + name + " has the shape "
                    + Arrays.toString(tensor.shape()) + ", but the configuration asks for " + Arrays.toString(shape));
        }
        return tensor;
    }

    private void hold(String name, TensorStream stream) {
        MemorySegment data = memory.allocate(stream.byteSize(), Long.BYTES);
        long[] at = {0};
        try {
            stream.content().writeTo(bytes -> {
                MemorySegment.copy(bytes, 0, data, at[0], bytes.byteSize());
                at[0] += bytes.byteSize();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hold(name, type(stream.dtype()), data, stream.shape());
    }

    private static ElementType type(DType type) {
        return switch (type) {
            case F32 -> ElementType.FLOAT;
            case F16 -> ElementType.FLOAT16;
            case U8 -> ElementType.UINT8;
            default -> throw new IllegalArgumentException("no graph here has weights in " + type);
        };
    }

    private void hold(String name, ElementType type, MemorySegment data, long... shape) {
        held.add(new OnnxModel.Held(name, type, shape, data));
        graph.external(name, type, shape, "memory", 0, data.byteSize());
    }
}
