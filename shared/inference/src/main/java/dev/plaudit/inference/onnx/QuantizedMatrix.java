package dev.plaudit.inference.onnx;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.TensorStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A matrix that is quantised some rows at a time. Its scales become known while it is written, and are kept until they are
 * written themselves.
 */
final class QuantizedMatrix {
    private static final int VALUES_AT_ONCE = 1 << 20;

    private final Checkpoint checkpoint;
    private final List<Rows> matrices;
    private final int in;
    private final int out;
    private final Precision precision;
    private float[] scales;

    /**
     * @param matrices that it is stacked of
     * @param in their columns
     */
    QuantizedMatrix(Checkpoint checkpoint, List<Rows> matrices, int in, Precision precision) {
        this.checkpoint = checkpoint;
        this.matrices = matrices;
        this.in = in;
        this.out = matrices.stream().mapToInt(Rows::out).sum();
        this.precision = precision;
    }

    /** {@code [in, out]} bytes, or {@code [out, blocks, block / 2]} half bytes. */
    TensorStream matrix() {
        return precision == Precision.INT8
                ? new TensorStream(DType.U8, new long[] {in, out}, this::writeTransposed)
                : new TensorStream(DType.U8, new long[] {out, blocks(), precision.block() / 2}, this::writeBlocks);
    }

    /** One for each row, or for each block of each row. */
    TensorStream scaleStream() {
        return new TensorStream(DType.F32, new long[] {out * blocks()}, this::writeScales);
    }

    /** How many scales a row has. */
    private int blocks() {
        return precision == Precision.INT8 ? 1 : Math.ceilDiv(in, precision.block());
    }

    private void writeScales(TensorStream.Sink sink) throws IOException {
        if (scales == null) {
            matrix().content().writeTo(bytes -> {});
        }
        sink.write(MemorySegment.ofArray(scales));
        scales = null;
    }

    private interface Chunk {
        void take(float[] rows, int first) throws IOException;
    }

    private void writeBlocks(TensorStream.Sink sink) throws IOException {
        scales = new float[out * blocks()];
        forEachChunk((rows, first) -> sink.write(
                MemorySegment.ofArray(Quantization.int4(rows, in, precision.block(), scales, first * blocks()))));
    }

    private void writeTransposed(TensorStream.Sink sink) throws IOException {
        scales = new float[out];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment columns = arena.allocate((long) in * out);
            forEachChunk((rows, first) -> {
                byte[] bytes = Quantization.int8(rows, in, scales, first);
                for (int i = 0; i < bytes.length; i++) {
                    columns.set(ValueLayout.JAVA_BYTE, (long) (i % in) * out + first + i / in, bytes[i]);
                }
            });
            sink.write(columns);
        }
    }

    private void forEachChunk(Chunk chunk) throws IOException {
        int atOnce = Math.max(1, VALUES_AT_ONCE / in);
        int before = 0;
        for (Rows matrix : matrices) {
            for (int row = 0; row < matrix.out(); row += atOnce) {
                int count = Math.min(atOnce, matrix.out() - row);
                chunk.take(
                        finite(checkpoint, matrix.weight(), checkpoint.rows(matrix.weight(), row, count)),
                        before + row);
            }
            before += matrix.out();
        }
    }

    /** The same values, of which none may be infinite or no number. */
    static float[] finite(Checkpoint checkpoint, String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ModelException(checkpoint.tensor(name).file() + ": tensor " + name + " holds " + value
                        + " where only finite numbers make sense");
            }
        }
        return values;
    }
}
