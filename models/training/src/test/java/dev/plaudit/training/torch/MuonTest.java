package dev.plaudit.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuonTest {
    private static final double RATE = 0.01;

    private static RealMatrix random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.setEntry(row, column, random.nextGaussian());
            }
        }
        return matrix;
    }

    private static float[] floats(RealMatrix matrix) {
        float[] values = new float[matrix.getRowDimension() * matrix.getColumnDimension()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix.getEntry(i / matrix.getColumnDimension(), i % matrix.getColumnDimension());
        }
        return values;
    }

    /** What a step takes from the weight, over rate and scale: the matrix nearest to orthonormal. */
    private static RealMatrix taken(NDManager manager, RealMatrix... gradients) {
        int rows = gradients[0].getRowDimension();
        int columns = gradients[0].getColumnDimension();
        Shape shape = new Shape(rows, columns);
        NDArray weight = manager.zeros(shape);
        RealMatrix before = MatrixUtils.createRealMatrix(rows, columns);
        RealMatrix step = before;
        try (Muon muon = new Muon(manager, new NDList(weight), 0.9)) {
            for (RealMatrix gradient : gradients) {
                NDArray given = manager.create(floats(gradient), shape);
                muon.update(new NDList(given), RATE);
                assertThat(given.abs().toFloatArray()).containsOnly(0);
                RealMatrix after = matrix(weight.toFloatArray(), rows, columns);
                step = before.subtract(after).scalarMultiply(1 / (RATE * 0.2 * Math.sqrt(Math.max(rows, columns))));
                before = after;
            }
        }
        return step;
    }

    private static RealMatrix matrix(float[] values, int rows, int columns) {
        RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
        for (int i = 0; i < values.length; i++) {
            matrix.setEntry(i / columns, i % columns, values[i]);
        }
        return matrix;
    }

    @ParameterizedTest
    @CsvSource({"4,9", "9,4", "6,6"})
    void aStepHasTheGradientsSingularVectorsAndSingularValuesOfAboutOne(int rows, int columns) {
        RealMatrix gradient = random(rows, columns, 1);
        SingularValueDecomposition parts = new SingularValueDecomposition(gradient);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME)) {
            RealMatrix inItsAxes =
                    parts.getUT().multiply(taken(manager, gradient)).multiply(parts.getV());
            for (int row = 0; row < inItsAxes.getRowDimension(); row++) {
                for (int column = 0; column < inItsAxes.getColumnDimension(); column++) {
                    assertThat(inItsAxes.getEntry(row, column))
                            .isCloseTo(row == column ? 0.95 : 0, within(row == column ? 0.35 : 1e-3));
                }
            }
        }
    }

    @Test
    void looksAheadWithTheMomentum() {
        RealMatrix first = random(3, 5, 1);
        RealMatrix second = random(3, 5, 2);
        RealMatrix ahead = second.scalarMultiply(1.9).add(first.scalarMultiply(0.81));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME)) {
            RealMatrix difference = taken(manager, first, second).subtract(taken(manager, ahead));
            assertThat(difference.getFrobeniusNorm()).isLessThan(1e-3);
        }
    }

    @Test
    void goesOnWhereAnotherStopped() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME)) {
            Shape shape = new Shape(2, 3);
            NDArray whole = manager.zeros(shape);
            NDArray resumed = manager.zeros(shape);
            try (Muon first = new Muon(manager, new NDList(whole), 0.9);
                    Muon second = new Muon(manager, new NDList(resumed), 0.9)) {
                first.update(new NDList(manager.create(floats(random(2, 3, 1)), shape)), RATE);
                resumed.set(whole.toFloatArray());
                second.momenta().getFirst().set(first.momenta().getFirst().toFloatArray());
                for (Muon muon : List.of(first, second)) {
                    muon.update(new NDList(manager.create(floats(random(2, 3, 2)), shape)), RATE);
                }
            }
            assertThat(resumed.toFloatArray()).isEqualTo(whole.toFloatArray());
        }
    }
}
