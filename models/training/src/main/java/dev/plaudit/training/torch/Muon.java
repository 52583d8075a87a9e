package dev.plaudit.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * Momentum whose step is the nearest matrix with orthonormal rows or columns (Jordan et al. 2024, "Muon"), by five
 * Newton-Schulz iterations. Scaled to the size of Adam's steps (Liu et al. 2025, "Muon is scalable for LLM training"),
 * so that it goes by the same learning rate. For the matrices of hidden layers; the weights are updated where they lie.
 * Not thread-safe.
 */
public final class Muon implements AutoCloseable {
    private final NDManager manager;
    private final TorchScript kernels;
    private final double momentum;
    private final NDList weights;
    private final NDList momenta = new NDList();

    /**
     * A fresh optimiser.
     *
     * @param weights the matrices, at least one; what has more dimensions counts as a matrix by its first
     * @param momentum decay of the sum of the gradients, 0 to 1
     */
    public Muon(NDManager parent, NDList weights, double momentum) {
        this.manager = parent.newSubManager();
        this.kernels = TorchScript.load(manager, "Muon", Muon.class, "muon.py");
        this.weights = weights;
        this.momentum = momentum;
        weights.forEach(weight -> momenta.add(manager.zeros(weight.getShape())));
    }

    /**
     * Takes one step, and sets the gradients to zero: for an {@link AdamW} over all weights that comes after it, only
     * decay and average are left to do.
     *
     * @param gradients of the weights, in their order
     */
    public void update(NDList gradients, double learningRate) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray rates = scratch.create(new double[] {learningRate, momentum});
            kernels.call("update", new NDList(rates), weights, gradients, momenta);
        }
    }

    /** What the next step depends on beside the weights; to go on where another optimiser stopped, set them. */
    public NDList momenta() {
        return momenta;
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
