package dev.plaudit.training.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.plaudit.training.text.Batches.Batch;
import dev.plaudit.training.torch.TorchScript;
import java.util.List;

/** A DistilBERT classifier in PyTorch: its weights, its logits and its gradients. Not thread-safe. */
final class DistilBert implements AutoCloseable {
    private final NDManager manager;
    private final TorchScript kernels;
    private final DistilBertShape shape;
    private final NDList weights = new NDList();
    private final NDArray heads;

    /** @param values of every weight of the shape, in its order */
    DistilBert(NDManager parent, DistilBertShape shape, List<float[]> values) {
        this.manager = parent.newSubManager();
        this.kernels = TorchScript.load(manager, "DistilBert", DistilBert.class, "distilbert.py");
        this.shape = shape;
        List<DistilBertShape.Weight> layout = shape.weights();
        for (int i = 0; i < layout.size(); i++) {
            weights.add(manager.create(values.get(i), new Shape(layout.get(i).shape())));
        }
        this.heads = manager.create(new long[] {shape.heads()});
    }

    NDList weights() {
        return weights;
    }

    /**
     * What one batch teaches.
     *
     * @param loss mean cross entropy, with dropout
     * @param logits of every example, with dropout
     * @param gradients of the weights, in their order
     */
    record Lesson(float loss, float[][] logits, NDList gradients) {}

    /**
     * Runs a batch forward and backward.
     *
     * @param scratch owns the gradients
     * @param targets of the batch's rows
     */
    Lesson learn(NDManager scratch, Batch batch, float[][] targets) {
        NDList arguments = arguments(scratch, batch);
        arguments.add(scratch.create(targets));
        arguments.add(
                scratch.create(new double[] {shape.dropout(), shape.attentionDropout(), shape.classifierDropout()}));
        NDList results = kernels.call("gradients", arguments, weights);
        return new Lesson(results.get(0).getFloat(), rows(results.get(1)), results.subNDList(2));
    }

    /**
     * The logits of a batch without dropout.
     *
     * @param by the weights to use: this model's or their average
     */
    float[][] logits(Batch batch, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            return rows(kernels.call("logits", arguments(scratch, batch), by).singletonOrThrow());
        }
    }

    private NDList arguments(NDManager scratch, Batch batch) {
        Shape extent = new Shape(batch.rows().length, batch.length());
        return new NDList(scratch.create(batch.ids(), extent), scratch.create(batch.mask(), extent), heads);
    }

    private float[][] rows(NDArray logits) {
        float[] flat = logits.toFloatArray();
        int labels = shape.labels().size();
        float[][] rows = new float[flat.length / labels][labels];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * labels, rows[i], 0, labels);
        }
        return rows;
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
