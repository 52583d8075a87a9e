package dev.plaudit.inference;

import dev.plaudit.inference.safetensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;

/** Random weights by name, the same for the same seed and order. */
public final class RandomTensors {
    private static final double DEVIATION = 0.1;

    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final Random random;

    public RandomTensors(long seed) {
        random = new Random(seed);
    }

    /** What was added so far. */
    public SequencedMap<String, Tensor> all() {
        return tensors;
    }

    public void linear(String name, int out, int in) {
        matrix(name + ".weight", out, in);
        vector(name + ".bias", out, 0);
    }

    public void norm(String name, int size) {
        vector(name + ".weight", size, 1);
        vector(name + ".bias", size, 0);
    }

    /** Scaled so that a product keeps the size of what goes in. */
    public void matrix(String name, int out, int in) {
        add(name, 0, 1 / Math.sqrt(in), out, in);
    }

    public void vector(String name, int size, double mean) {
        add(name, mean, DEVIATION, size);
    }

    public void add(String name, double mean, double deviation, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian(mean, deviation);
        }
        tensors.put(name, new Tensor(shape, values));
    }
}
