package dev.plaudit.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), with the gradients clipped by their
 * global norm first and, if wanted, an exponential moving average of the weights. The weights are updated where they
 * lie. Not thread-safe.
 */
public final class AdamW implements AutoCloseable {

    /**
     * What stays the same over all steps.
     *
     * @param beta1 decay of the mean of the gradients, 0 to 1
     * @param beta2 decay of the mean of their squares, 0 to 1
     * @param epsilon added to the denominator
     * @param weightDecay what part of a weight each step takes away, times the learning rate
     * @param clipNorm the greatest global norm a gradient keeps; 0 clips nothing
     * @param averageDecay decay of the moving average of the weights; 0 keeps no average
     */
    public record Settings(
            double beta1, double beta2, double epsilon, double weightDecay, double clipNorm, double averageDecay) {}

    private final NDManager manager;
    private final TorchScript kernels;
    private final Settings settings;
    private final NDList weights;
    private final NDList means;
    private final NDList variances;
    private final NDList averages;
    private final boolean[] decayed;
    private long steps;

    /**
     * A fresh optimiser.
     *
     * @param decayed which of the weights decay, in their order
     */
    public AdamW(NDManager parent, NDList weights, boolean[] decayed, Settings settings) {
        this.manager = parent.newSubManager();
        this.kernels = TorchScript.load(manager, "AdamW", AdamW.class, "adamw.py");
        this.settings = settings;
        this.weights = weights;
        this.decayed = decayed.clone();
        this.means = zeros(weights);
        this.variances = zeros(weights);
        this.averages = new NDList();
        if (settings.averageDecay > 0) {
            for (NDArray weight : weights) {
                averages.add(copy(weight));
            }
        }
    }

    private NDList zeros(NDList like) {
        NDList zeros = new NDList(like.size());
        like.forEach(array -> zeros.add(manager.zeros(array.getShape())));
        return zeros;
    }

    private NDArray copy(NDArray array) {
        NDArray copy = array.duplicate();
        copy.attach(manager);
        return copy;
    }

    /**
     * Takes one step.
     *
     * @param gradients of the weights, in their order; clipped in place
     * @return the global norm of the gradients before they were clipped
     * @throws IllegalArgumentException if that is no number: the weights are none either then
     */
    public double update(NDList gradients, double learningRate) {
        steps++;
        try (NDManager scratch = manager.newSubManager()) {
            double[] rates = {learningRate, settings.beta1, settings.beta2, settings.epsilon, settings.clipNorm};
            float[] shrinkage = new float[decayed.length];
            for (int i = 0; i < shrinkage.length; i++) {
                shrinkage[i] = (float) (decayed[i] ? 1 - learningRate * settings.weightDecay : 1);
            }
            NDList scalars = new NDList(
                    scratch.create(new float[] {steps}, new Shape()), scratch.create(rates), scratch.create(shrinkage));
            double norm = kernels.call("update", scalars, weights, gradients, means, variances)
                    .singletonOrThrow()
                    .getFloat();
            if (!Double.isFinite(norm)) {
                throw new IllegalArgumentException(
                        "The training diverged at step " + steps + ": try a smaller learning rate.");
            }
            if (settings.averageDecay > 0) {
                NDArray rate = scratch.create(new double[] {1 - averageDecay()});
                kernels.call("average", new NDList(rate), averages, weights);
            }
            return norm;
        }
    }

    /** A young average would remember the random start, so the decay grows with the steps. */
    private double averageDecay() {
        return Math.min(settings.averageDecay, (1.0 + steps) / (10 + steps));
    }

    /** The moving average of the weights, in their order; empty if none is kept. */
    public NDList averages() {
        return averages;
    }

    /** How many steps were taken. */
    public long steps() {
        return steps;
    }

    /** Everything but the weights that the next step depends on: means, variances, averages, in this order. */
    public List<NDArray> state() {
        List<NDArray> state = new ArrayList<>(means);
        state.addAll(variances);
        state.addAll(averages);
        return state;
    }

    /**
     * Goes on where another optimiser stopped.
     *
     * @param values of {@link #state()}, in its order
     */
    public void restore(long steps, List<float[]> values) {
        List<NDArray> state = state();
        for (int i = 0; i < state.size(); i++) {
            state.get(i).set(values.get(i));
        }
        this.steps = steps;
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
