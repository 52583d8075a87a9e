package dev.plaudit.inference.distilbert;

import static dev.plaudit.inference.ReferenceLayers.attention;
import static dev.plaudit.inference.ReferenceLayers.map;
import static dev.plaudit.inference.ReferenceLayers.sum;

import dev.plaudit.inference.ReferenceLayers;
import dev.plaudit.inference.safetensors.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * The oracle: a DistilBERT in plain Java and double precision, written from the paper. One sequence at a time, so nothing
 * is padded.
 */
public record ReferenceDistilBert(RandomDistilBert shape, ReferenceLayers layers) {
    private static final double EPSILON = 1e-12;

    public ReferenceDistilBert(RandomDistilBert shape, Map<String, Tensor> tensors) {
        this(shape, new ReferenceLayers(tensors));
    }

    public record Output(double[] logits, double[] embedding) {}

    public Output run(long[] ids) {
        String name = "distilbert.embeddings.";
        double[][] all = layers.rows(name + "word_embeddings.weight", shape.dim());
        double[][] words = Arrays.stream(ids).mapToObj(id -> all[(int) id]).toArray(double[][]::new);
        double[][] places = Arrays.copyOf(layers.rows(name + "position_embeddings.weight", shape.dim()), ids.length);
        double[][] h = layers.layerNorm(sum(words, places), name + "LayerNorm", EPSILON);
        for (int layer = 0; layer < shape.layers(); layer++) {
            h = block(h, "distilbert.transformer.layer." + layer + ".");
        }
        double[][] cls = {h[0]};
        double[][] embedding = map(layers.linear(cls, "pre_classifier"), value -> Math.max(0, value));
        return new Output(layers.linear(embedding, "classifier")[0], embedding[0]);
    }

    private double[][] block(double[][] x, String name) {
        double[][] context = attention(
                layers.linear(x, name + "attention.q_lin"),
                layers.linear(x, name + "attention.k_lin"),
                layers.linear(x, name + "attention.v_lin"),
                shape.heads(),
                false);
        double[][] a = layers.layerNorm(
                sum(layers.linear(context, name + "attention.out_lin"), x), name + "sa_layer_norm", EPSILON);
        double[][] inner = map(layers.linear(a, name + "ffn.lin1"), ReferenceLayers::gelu);
        return layers.layerNorm(sum(layers.linear(inner, name + "ffn.lin2"), a), name + "output_layer_norm", EPSILON);
    }
}
