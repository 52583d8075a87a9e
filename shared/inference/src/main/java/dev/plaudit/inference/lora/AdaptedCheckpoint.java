package dev.plaudit.inference.lora;

import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SequencedSet;
import java.util.zip.CRC32C;

/**
 * A checkpoint with an adapter.
 *
 * @param base as it lies
 * @param adapter the adapter's tensors
 * @param changes by the names of the base's tensors
 */
record AdaptedCheckpoint(Checkpoint base, SafeTensors adapter, Map<String, Change> changes) implements Checkpoint {
    @Override
    public SequencedSet<String> names() {
        return base.names();
    }

    @Override
    public TensorInfo tensor(String name) {
        return base.tensor(name);
    }

    @Override
    public boolean isStored(String name) {
        return base.isStored(name) && !changes.containsKey(name);
    }

    @Override
    public MemorySegment segment(String name) {
        return base.segment(name);
    }

    @Override
    public float[] rows(String name, long first, long count) {
        return switch (changes.get(name)) {
            case null -> base.rows(name, first, count);
            case Change.Whole whole -> adapter.rows(whole.tensor(), first, count);
            case Change.LowRank change -> sum(name, change, first, count);
        };
    }

    private float[] sum(String name, Change.LowRank change, long first, long count) {
        float[] sum = base.rows(name, first, count);
        float[] a = adapter.floats(change.a());
        float[] b = adapter.rows(change.b(), first, count);
        int in = a.length / change.rank();
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < change.rank(); k++) {
                float factor = (float) (change.scale() * b[row * change.rank() + k]);
                for (int column = 0; column < in; column++) {
                    sum[row * in + column] += factor * a[k * in + column];
                }
            }
        }
        return sum;
    }

    @Override
    public void row(String name, long row, float[] to, int at) {
        if (isStored(name)) {
            base.row(name, row, to, at);
        } else {
            float[] values = rows(name, row, 1);
            System.arraycopy(values, 0, to, at, values.length);
        }
    }

    @Override
    public long fingerprint() {
        CRC32C checksum = new CRC32C();
        checksum.update(
                (base.fingerprint() + " " + adapter.fingerprint() + " " + changes).getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }

    @Override
    public void close() {
        base.close();
        adapter.close();
    }
}
