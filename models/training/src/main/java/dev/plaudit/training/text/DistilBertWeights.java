package dev.plaudit.training.text;

import ai.djl.ndarray.NDList;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.text.DistilBertShape.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** Where a DistilBERT's weights come from and go to: chance, or a checkpoint's {@code model.safetensors}. */
final class DistilBertWeights {
    /** Standard deviation of fresh matrices and embeddings, as in Hugging Face's configuration. */
    static final double INITIALIZER_RANGE = 0.02;

    private DistilBertWeights() {}

    /** Fresh weights: matrices from a normal distribution, layer norms one, biases zero. */
    static List<float[]> random(DistilBertShape shape, long seed) {
        Random random = new Random(seed);
        return shape.weights().stream().map(weight -> random(weight, random)).toList();
    }

    private static float[] random(Weight weight, Random random) {
        float[] values = new float[weight.size()];
        if (weight.isMatrix()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * INITIALIZER_RANGE);
            }
        } else if (weight.name().endsWith(".weight")) {
            Arrays.fill(values, 1);
        }
        return values;
    }

    /**
     * A checkpoint's weights. Its head is used where it is there and fits, and else starts from chance.
     *
     * @throws dev.plaudit.inference.ModelException if a weight of the encoder is missing
     * @throws IllegalArgumentException if one has another shape
     */
    static List<float[]> read(DistilBertShape shape, Path folder, long seed) {
        Random random = new Random(seed);
        List<float[]> values = new ArrayList<>();
        try (SafeTensors checkpoint = SafeTensors.open(folder)) {
            for (Weight weight : shape.weights()) {
                boolean there = checkpoint.names().contains(weight.name());
                boolean fits =
                        there && Arrays.equals(checkpoint.tensor(weight.name()).shape(), weight.shape());
                if (weight.isHead() && !fits) {
                    values.add(random(weight, random));
                } else if (there && !fits) {
                    throw new IllegalArgumentException("Tensor " + weight.name() + " in " + folder + " has the shape "
                            + Arrays.toString(checkpoint.tensor(weight.name()).shape()) + ", not "
                            + Arrays.toString(weight.shape()) + ".");
                } else {
                    values.add(checkpoint.floats(weight.name()));
                }
            }
        }
        return values;
    }

    /** Writes {@code model.safetensors}. */
    static void write(DistilBertShape shape, NDList weights, Path folder, boolean halfPrecision) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        List<Weight> layout = shape.weights();
        for (int i = 0; i < layout.size(); i++) {
            Weight weight = layout.get(i);
            tensors.put(weight.name(), new Tensor(weight.shape(), weights.get(i).toFloatArray()));
        }
        SafeTensorsWriter.write(
                folder.resolve(SafeTensors.FILE),
                tensors,
                halfPrecision ? DType.F16 : DType.F32,
                Map.of("format", "pt"));
    }
}
