package dev.plaudit.training.caption;

import ai.djl.ndarray.NDList;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.caption.Blip2Shape.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** Where a BLIP-2's weights come from, which is chance and some foresight, and where they go. */
final class Blip2Weights {
    private static final double EMBEDDING_SPREAD = 0.02;
    private static final double WAVE = 0.5;

    /** At this scale of queries and keys a head gives nearly all its attention to one patch. */
    private static final double FOCUS = 0.7;

    /** Where heads look, one after another: rows down and columns right. */
    private static final int[][] STEPS = {
        {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}, {0, 2}, {0, -2}, {2, 0}, {-2, 0}
    };

    private Blip2Weights() {}

    /**
     * Fresh weights. Matrices keep the variance of what they are applied to, except that those which end a residual
     * branch start small. The eye starts with what every eye learns first: patches as their lowest spatial frequencies,
     * positions as waves along both axes (Beyer et al. 2022), and heads that look at neighbours.
     */
    static List<float[]> random(Blip2Shape shape, List<Weight> layout, long seed) {
        Random random = new Random(seed);
        return layout.stream().map(weight -> random(shape, weight, random)).toList();
    }

    private static float[] random(Blip2Shape shape, Weight weight, Random random) {
        float[] values = new float[weight.size()];
        if (weight.name().endsWith("position_embedding")) {
            waves(values, shape);
        } else if (weight.name().endsWith("patch_embedding.weight")) {
            cosines(values, shape);
        } else if (weight.shape().length > 1) {
            double spread = spread(shape, weight);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * spread);
            }
            if (weight.name().endsWith("self_attn.qkv.weight")) {
                neighbours(values, shape, Integer.parseInt(weight.name().replaceAll("\\D+(\\d+).*", "$1")));
            }
        } else if (weight.isNorm() && weight.name().endsWith(".weight")) {
            Arrays.fill(values, 1);
        }
        return values;
    }

    private static double spread(Blip2Shape shape, Weight weight) {
        String name = weight.name();
        if (name.equals("query_tokens")) {
            return 1;
        }
        if (name.contains("embed_") || name.endsWith("class_embedding")) {
            return EMBEDDING_SPREAD;
        }
        double in = (double) weight.size() / weight.shape()[0];
        boolean endsBranch = name.matches(".*(projection|fc2|out_proj)\\.weight") && name.contains("layers.");
        int layers = name.startsWith("vision")
                ? shape.vision().layers()
                : shape.language().layers();
        return 0.8 / Math.sqrt(in) / (endsBranch ? Math.sqrt(2.0 * layers) : 1);
    }

    /**
     * The lowest frequencies of each colour channel's discrete cosine transform (Ahmed et al. 1974): what a patch shows,
     * but for the finest detail. A patch of one colour gives at most 1, and high frequencies, which are weak in pictures,
     * are raised by as much, so that patches weigh about as much as their positions.
     */
    private static void cosines(float[] values, Blip2Shape shape) {
        int patch = shape.patch();
        int dim = shape.vision().dim();
        int first = dim / shape.vision().heads() / 4 * 4;
        int across = Math.max(1, (int) Math.ceil(Math.sqrt((dim - first) / 3.0)));
        for (int i = first; i < dim; i++) {
            int channel = (i - first) % 3;
            int vertical = (i - first) / 3 / across;
            int horizontal = (i - first) / 3 % across;
            for (int y = 0; y < patch; y++) {
                for (int x = 0; x < patch; x++) {
                    values[((i * 3 + channel) * patch + y) * patch + x] = (float) (cosine(vertical, y, patch)
                                    * cosine(horizontal, x, patch)
                                    * (1 + vertical + horizontal))
                            / (patch * patch);
                }
            }
        }
    }

    private static double cosine(int frequency, int at, int length) {
        return Math.cos(Math.PI * frequency * (at + 0.5) / length);
    }

    /**
     * Sine and cosine of row and column at several frequencies in the first dimensions, as many as a head has; zero for
     * the class token.
     */
    private static void waves(float[] values, Blip2Shape shape) {
        int dim = shape.vision().dim();
        int side = shape.image() / shape.patch();
        for (int patch = 0; patch < side * side; patch++) {
            double[] wave = wave(shape, patch / side, patch % side);
            for (int i = 0; i < wave.length; i++) {
                values[(patch + 1) * dim + i] = (float) (WAVE * wave[i]);
            }
        }
    }

    private static double[] wave(Blip2Shape shape, int row, int column) {
        int frequencies = shape.vision().dim() / shape.vision().heads() / 4;
        double[] wave = new double[4 * frequencies];
        for (int i = 0; i < frequencies; i++) {
            double frequency = Math.PI * (i + 1) / frequencies;
            wave[4 * i] = Math.sin(frequency * row);
            wave[4 * i + 1] = Math.cos(frequency * row);
            wave[4 * i + 2] = Math.sin(frequency * column);
            wave[4 * i + 3] = Math.cos(frequency * column);
        }
        return wave;
    }

    /**
     * Queries and keys by which each head looks at the patch one step off in its own direction, so that the first layers
     * begin as convolutions (d'Ascoli et al. 2021, "ConViT"): a key is where a patch is, a query where its neighbour is,
     * which is a rotation of the waves.
     */
    private static void neighbours(float[] values, Blip2Shape shape, int layer) {
        int dim = shape.vision().dim();
        int size = dim / shape.vision().heads();
        for (int head = 0; head < shape.vision().heads(); head++) {
            int[] step = STEPS[(layer * shape.vision().heads() + head) % STEPS.length];
            double[] turn = wave(shape, step[0], step[1]);
            for (int i = 0; i + 1 < turn.length; i += 2) {
                int query = (head * size + i) * dim + i;
                int key = (dim + head * size + i) * dim + i;
                values[query] += (float) (FOCUS * turn[i + 1]);
                values[query + 1] += (float) (FOCUS * turn[i]);
                values[query + dim] -= (float) (FOCUS * turn[i]);
                values[query + dim + 1] += (float) (FOCUS * turn[i + 1]);
                values[key] += (float) FOCUS;
                values[key + dim + 1] += (float) FOCUS;
            }
        }
    }

    /** Writes {@code model.safetensors} in half precision, without what only training needs. */
    static void write(Blip2Shape shape, NDList weights, Path folder) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        List<Weight> layout = shape.weights();
        for (int i = 0; i < layout.size(); i++) {
            Weight weight = layout.get(i);
            tensors.put(weight.name(), new Tensor(weight.shape(), weights.get(i).toFloatArray()));
        }
        SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, DType.F16, Map.of("format", "pt"));
    }
}
