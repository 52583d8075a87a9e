package dev.plaudit.training.language;

import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.language.LlamaShape.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** Where a Llama's weights come from and go to: chance, or a checkpoint's {@code model.safetensors}. */
final class LlamaWeights {
    /** Standard deviation of fresh matrices, as in Hugging Face's configuration. */
    static final double INITIALIZER_RANGE = 0.02;

    private LlamaWeights() {}

    /**
     * Fresh weights: norms one, matrices from a normal distribution; those that end a residual branch smaller by the
     * number of branches (Radford et al. 2019, section 2.3).
     */
    static List<float[]> random(LlamaShape shape, long seed) {
        Random random = new Random(seed);
        return shape.weights().stream()
                .map(weight -> random(weight, shape, random))
                .toList();
    }

    private static float[] random(Weight weight, LlamaShape shape, Random random) {
        float[] values = new float[weight.size()];
        if (!weight.isMatrix()) {
            Arrays.fill(values, 1);
            return values;
        }
        boolean endsBranch = weight.module().equals("o_proj") || weight.module().equals("down_proj");
        double spread = INITIALIZER_RANGE / (endsBranch ? Math.sqrt(2.0 * shape.layers()) : 1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * spread);
        }
        return values;
    }

    /**
     * A checkpoint's weights.
     *
     * @throws dev.plaudit.inference.ModelException if one is missing
     * @throws IllegalArgumentException if one has another shape
     */
    static List<float[]> read(LlamaShape shape, Path folder) {
        List<float[]> values = new ArrayList<>();
        try (SafeTensors checkpoint = SafeTensors.open(folder)) {
            for (Weight weight : shape.weights()) {
                long[] there = checkpoint.tensor(weight.name()).shape();
                if (!Arrays.equals(there, weight.shape())) {
                    throw new IllegalArgumentException("Tensor " + weight.name() + " in " + folder + " has the shape "
                            + Arrays.toString(there) + ", not " + Arrays.toString(weight.shape()) + ".");
                }
                values.add(checkpoint.floats(weight.name()));
            }
        }
        return values;
    }

    /** Writes {@code model.safetensors} in half precision. */
    static void write(LlamaShape shape, List<float[]> values, Path folder) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        List<Weight> layout = shape.weights();
        for (int i = 0; i < layout.size(); i++) {
            tensors.put(layout.get(i).name(), new Tensor(layout.get(i).shape(), values.get(i)));
        }
        SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, DType.F16, Map.of("format", "pt"));
    }
}
