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
 * A matrix that is quantised some rows at a time. Its scales are known once it has been written, so they come after it.
 *
 * @param matrices that it is stacked of
 * @param in their columns
 */
record QuantizedMatrix(Checkpoint checkpoint, List<Rows> matrices, int in, Precision precision, float[] scales) {
    private static final int VALUES_AT_ONCE = 1 << 20;

    static QuantizedMatrix of(Checkpoint checkpoint, List<Rows> matrices, int in, Precision precision) {
        int out = matrices.stream().mapToInt(Rows::out).sum();
        return new QuantizedMatrix(
                checkpoint,
                matrices,
                in,
                precision,
                new float[out * (precision == Precision.INT8 ? 1 : blocks(in, precision))]);
    }

    /** {@code [in, out]} bytes, or {@code [out, blocks, block / 2]} half bytes. */
    TensorStream matrix() {
        int out = matrices.stream().mapToInt(Rows::out).sum();
        return precision == Precision.INT8
                ? new TensorStream(DType.U8, new long[] {in, out}, this::writeTransposed)
                : new TensorStream(
                        DType.U8, new long[] {out, blocks(in, precision), precision.block() / 2}, this::writeBlocks);
    }

    /** One for each row, or for each block of each row. */
    TensorStream scaleStream() {
        return new TensorStream(
                DType.F32, new long[] {scales.length}, sink -> sink.write(MemorySegment.ofArray(scales)));
    }

    private static int blocks(int in, Precision precision) {
        return Math.ceilDiv(in, precision.block());
    }

    private interface Chunk {
        void take(float[] rows, int first) throws IOException;
    }

    private void writeBlocks(TensorStream.Sink sink) throws IOException {
        int blocks = blocks(in, precision);
        forEachChunk((rows, first) -> sink.write(
                MemorySegment.ofArray(Quantization.int4(rows, in, precision.block(), scales, first * blocks))));
    }

    private void writeTransposed(TensorStream.Sink sink) throws IOException {
        int out = scales.length;
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
