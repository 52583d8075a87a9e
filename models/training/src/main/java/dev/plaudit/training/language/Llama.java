package dev.plaudit.training.language;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.plaudit.training.language.LlamaShape.Weight;
import dev.plaudit.training.torch.TorchScript;
import java.util.List;
import java.util.Optional;

/** A Llama in PyTorch, with an adapter or without: its weights, its answers and its gradients. Not thread-safe. */
final class Llama implements AutoCloseable {
    private final NDManager manager;
    private final TorchScript kernels;
    private final LlamaShape shape;
    private final NDList weights;
    private final Optional<Lora> lora;
    private final NDList adapters;
    private final NDArray kernelShape;
    private final NDArray rotations;
    private final NDArray places;

    /**
     * A model over given weights.
     *
     * @param values of every weight of the shape, in its order
     * @param length the longest sequence that it will read
     * @param adapterValues of every matrix of the adapter, in its order; empty without one
     */
    Llama(
            NDManager parent,
            LlamaShape shape,
            List<float[]> values,
            int length,
            Optional<Lora> lora,
            List<float[]> adapterValues) {
        this.manager = parent.newSubManager();
        this.kernels = TorchScript.load(manager, "Llama", Llama.class, "llama.py");
        this.shape = shape;
        this.lora = lora;
        this.weights = arrays(shape.weights(), values);
        this.adapters = arrays(lora.map(l -> l.weights(shape)).orElse(List.of()), adapterValues);
        this.kernelShape = manager.create(shape.kernelShape());
        this.rotations = manager.create(shape.rotations(length), new Shape(2, length, shape.headDim()));
        int[] adapted = lora.map(l -> l.places(shape)).orElse(new int[] {0});
        this.places = manager.create(adapted);
    }

    private NDList arrays(List<Weight> layout, List<float[]> values) {
        NDList arrays = new NDList(layout.size());
        for (int i = 0; i < layout.size(); i++) {
            arrays.add(manager.create(values.get(i), new Shape(layout.get(i).shape())));
        }
        return arrays;
    }

    /** What learns: the adapter where there is one, else all weights. */
    NDList learning() {
        return lora.isPresent() ? adapters : weights;
    }

    List<Weight> learningLayout() {
        return lora.map(l -> l.weights(shape)).orElseGet(shape::weights);
    }

    /**
     * What one batch teaches.
     *
     * @param loss mean cross entropy of the answers' tokens
     * @param gradients of what learns, in its order
     */
    record Lesson(float loss, NDList gradients) {}

    /**
     * Runs a batch forward and backward.
     *
     * @param scratch owns the gradients
     */
    Lesson learn(NDManager scratch, TokenBatch batch, double dropout) {
        NDList arguments = arguments(scratch, batch, dropout);
        NDList results;
        if (lora.isPresent()) {
            arguments.add(places);
            results = kernels.call("adapter_gradients", arguments, weights, adapters);
        } else {
            results = kernels.call("gradients", arguments, weights);
        }
        return new Lesson(results.get(0).getFloat(), results.subNDList(1));
    }

    /**
     * The mean cross entropy of a batch's answers.
     *
     * @param by the weights to use, as {@link #whole} gives them
     */
    float loss(TokenBatch batch, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            return kernels.call("loss", arguments(scratch, batch, 0), by)
                    .singletonOrThrow()
                    .getFloat();
        }
    }

    /**
     * The logits after the last token of each row.
     *
     * @param by the weights to use, as {@link #whole} gives them
     */
    float[][] next(List<long[]> rows, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            TokenBatch batch = TokenBatch.prompts(rows, shape.tokens().padding());
            NDList arguments = new NDList(
                    scratch.create(batch.ids(), new Shape(batch.rows(), batch.length())),
                    scratch.create(batch.at()),
                    rotations,
                    kernelShape,
                    scratch.create(settings(0)));
            float[] flat =
                    kernels.call("logits", arguments, by).singletonOrThrow().toFloatArray();
            float[][] logits = new float[rows.size()][shape.vocabulary()];
            for (int i = 0; i < logits.length; i++) {
                System.arraycopy(flat, i * shape.vocabulary(), logits[i], 0, shape.vocabulary());
            }
            return logits;
        }
    }

    /**
     * All weights, the adapter merged into them.
     *
     * @param scratch owns those that the adapter changes
     * @param learned values of {@link #learning()}, or of their average
     */
    NDList whole(NDManager scratch, NDList learned) {
        if (lora.isEmpty()) {
            return learned;
        }
        NDArray own = places.duplicate();
        own.attach(scratch);
        return kernels.call("merged", new NDList(own, scratch.create(settings(0))), weights, learned);
    }

    private NDList arguments(NDManager scratch, TokenBatch batch, double dropout) {
        return new NDList(
                scratch.create(batch.ids(), new Shape(batch.rows(), batch.length())),
                scratch.create(batch.at()),
                scratch.create(batch.targets()),
                rotations,
                kernelShape,
                scratch.create(settings(dropout)));
    }

    private double[] settings(double dropout) {
        return new double[] {shape.epsilon(), dropout, lora.map(Lora::scale).orElse(0.0)};
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
