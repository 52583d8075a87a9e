package dev.plaudit.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final double RATE = 0.01;

    @Test
    void stepsMatchTheAlgorithmWorkedInPlainJava() {
        float[][] gradients = {{0.5f, -0.25f, 2}, {-1, 0.125f, 0.5f}, {0.3f, 0.3f, -4}};
        double[] expected = {1, -2, 3};
        double[] mean = new double[3];
        double[] variance = new double[3];
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1, -2, 3});
            try (AdamW adamW = optimiser(manager, weight, true, new AdamW.Settings(0.9, 0.99, 1e-8, 0.1, 0, 0))) {
                for (int step = 1; step <= gradients.length; step++) {
                    float[] g = gradients[step - 1];
                    for (int i = 0; i < 3; i++) {
                        mean[i] = 0.9 * mean[i] + 0.1 * g[i];
                        variance[i] = 0.99 * variance[i] + 0.01 * g[i] * g[i];
                        double m = mean[i] / (1 - Math.pow(0.9, step));
                        double v = variance[i] / (1 - Math.pow(0.99, step));
                        expected[i] -= RATE * (m / (Math.sqrt(v) + 1e-8) + 0.1 * expected[i]);
                    }
                    adamW.update(new NDList(manager.create(g)), RATE);
                }
            }
            for (int i = 0; i < 3; i++) {
                assertThat((double) weight.getFloat(i)).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    @Test
    void weightsThatDoNotDecayStayWithoutAGradient() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1, -2});
            try (AdamW adamW = optimiser(manager, weight, false, new AdamW.Settings(0.9, 0.99, 1e-8, 0.1, 0, 0))) {
                adamW.update(new NDList(manager.zeros(weight.getShape())), RATE);
            }
            assertThat(weight.toFloatArray()).containsExactly(1, -2);
        }
    }

    @Test
    void gradientsAreClippedByTheirGlobalNorm() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList weights = new NDList(manager.zeros(new Shape(1)), manager.create(0f));
            NDArray first = manager.create(new float[] {3});
            NDArray second = manager.create(4f);
            AdamW.Settings settings = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 1, 0);
            try (AdamW adamW = new AdamW(manager, weights, new boolean[2], settings)) {
                assertThat(adamW.update(new NDList(first, second), RATE)).isCloseTo(5, within(1e-6));
            }
            assertThat(first.getFloat()).isCloseTo(0.6f, within(1e-6f));
            assertThat(second.getFloat()).isCloseTo(0.8f, within(1e-6f));
        }
    }

    @Test
    void theAverageFollowsTheWeights() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {0});
            AdamW.Settings settings = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0, 0.1);
            try (AdamW adamW = optimiser(manager, weight, false, settings)) {
                adamW.update(new NDList(manager.create(new float[] {1})), RATE);
                assertThat(weight.getFloat()).isCloseTo(-0.01f, within(1e-6f));
                assertThat(adamW.averages().getFirst().getFloat()).isCloseTo(-0.009f, within(1e-6f));
            }
        }
    }

    @Test
    void aGradientThatIsNoNumberEndsTheTraining() {
        AdamW.Settings settings = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 1, 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (float none : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                NDArray weight = manager.create(new float[] {0, 0});
                try (AdamW adamW = optimiser(manager, weight, false, settings)) {
                    assertThatThrownBy(() -> adamW.update(new NDList(manager.create(new float[] {1, none})), RATE))
                            .hasMessage("The training diverged at step 1: try a smaller learning rate.");
                }
            }
        }
    }

    private static AdamW optimiser(NDManager manager, NDArray weight, boolean decayed, AdamW.Settings settings) {
        return new AdamW(manager, new NDList(weight), new boolean[] {decayed}, settings);
    }
}
