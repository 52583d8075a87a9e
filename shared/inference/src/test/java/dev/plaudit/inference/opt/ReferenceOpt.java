package dev.plaudit.inference.opt;

import static dev.plaudit.inference.ReferenceLayers.attention;
import static dev.plaudit.inference.ReferenceLayers.map;
import static dev.plaudit.inference.ReferenceLayers.sum;

import dev.plaudit.inference.ReferenceLayers;
import dev.plaudit.inference.safetensors.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * The oracle: an OPT in plain Java and double precision, written from the paper, without a cache.
 *
 * @param prefix of the tensors' names: empty, or {@code language_model.} in a larger model
 */
public record ReferenceOpt(RandomOpt shape, ReferenceLayers layers, String prefix) {
    private static final double EPSILON = 1e-5;

    public ReferenceOpt(RandomOpt shape, Map<String, Tensor> tensors, String prefix) {
        this(shape, new ReferenceLayers(tensors), prefix + "model.decoder.");
    }

    public static ReferenceOpt of(RandomOpt shape) {
        return new ReferenceOpt(shape, shape.tensors(""), "");
    }

    /** A token's embedding. */
    public double[] embedding(int token) {
        return layers.rows(prefix + "embed_tokens.weight", shape.hidden())[token];
    }

    /** The embeddings of tokens one after another. */
    public double[][] embeddings(int... tokens) {
        return Arrays.stream(tokens).mapToObj(this::embedding).toArray(double[][]::new);
    }

    /** The logits of what follows after each of the embeddings, {@code [length, vocabulary]}. */
    public double[][] logits(double[][] embeddings) {
        double[][] places = layers.rows(prefix + "embed_positions.weight", shape.hidden());
        double[][] h = sum(embeddings, Arrays.copyOfRange(places, 2, 2 + embeddings.length));
        for (int layer = 0; layer < shape.layers(); layer++) {
            h = block(h, prefix + "layers." + layer + ".");
        }
        return layers.product(
                layers.layerNorm(h, prefix + "final_layer_norm", EPSILON), prefix + "embed_tokens.weight");
    }

    private double[][] block(double[][] x, String name) {
        String self = name + "self_attn.";
        double[][] normal = layers.layerNorm(x, name + "self_attn_layer_norm", EPSILON);
        double[][] context = attention(
                layers.linear(normal, self + "q_proj"),
                layers.linear(normal, self + "k_proj"),
                layers.linear(normal, self + "v_proj"),
                shape.heads(),
                true);
        double[][] a = sum(x, layers.linear(context, self + "out_proj"));
        double[][] inner = layers.linear(layers.layerNorm(a, name + "final_layer_norm", EPSILON), name + "fc1");
        return sum(a, layers.linear(map(inner, value -> Math.max(0, value)), name + "fc2"));
    }
}
