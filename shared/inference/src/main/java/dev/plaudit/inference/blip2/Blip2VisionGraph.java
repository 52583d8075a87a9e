package dev.plaudit.inference.blip2;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;

import dev.plaudit.inference.Precision;
import dev.plaudit.inference.blip2.Blip2Config.QFormer;
import dev.plaudit.inference.blip2.Blip2Config.Vision;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Layers;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * What BLIP-2 does before its language model speaks, as a graph: vision transformer, Q-Former, projection.
 *
 * <p>Input: {@value #PIXELS} {@code [batch, 3, image_size, image_size]}, normalised. Output: {@value #QUERIES} {@code
 * [batch, num_query_tokens, text hidden_size]}, embeddings that stand before the text's.
 */
final class Blip2VisionGraph {
    static final String PIXELS = "pixel_values";
    static final String QUERIES = "language_model_inputs";

    private final Blip2Config config;
    private final Vision vision;
    private final QFormer qformer;
    private final GraphBuilder graph = new GraphBuilder();
    private final Weights weights;
    private final Layers layers;

    private Blip2VisionGraph(Blip2Config config, SafeTensors checkpoint, Precision precision, Arena memory) {
        this.config = config;
        this.vision = config.vision();
        this.qformer = config.qformer();
        this.weights = new Weights(graph, checkpoint, "vision", precision, memory);
        this.layers = new Layers(graph, weights);
    }

    /**
     * Builds the graph.
     *
     * @param memory where the tensors live that are not used where they lie; it may be closed once the session is open
     * @throws dev.plaudit.inference.ModelException when a tensor is missing or has another shape than configured
     */
    static OnnxModel of(Blip2Config config, SafeTensors checkpoint, Precision precision, Arena memory) {
        return new Blip2VisionGraph(config, checkpoint, precision, memory).forward();
    }

    private OnnxModel forward() {
        Dimension batch = Dimension.of("batch");
        Dimension side = Dimension.of(vision.imageSize());
        Value pixels = graph.input(PIXELS, FLOAT, batch, Dimension.of(3), side, side);
        Value batchSize = graph.op("Shape", List.of(pixels), Attribute.of("end", 1));

        Value h = embeddings(pixels, batchSize);
        for (int layer = 0; layer < vision.numHiddenLayers(); layer++) {
            h = block("vision_model.encoder.layers." + layer + ".", h);
        }
        Value seen = layers.layerNorm(h, "vision_model.post_layernorm", vision.hiddenSize(), vision.layerNormEps());

        int text = config.text().hiddenSize();
        Value told = layers.linear(queries(seen, batchSize), "language_projection", text, qformer.hiddenSize());
        graph.output(QUERIES, told, FLOAT, batch, Dimension.of(config.numQueryTokens()), Dimension.of(text));
        return weights.model();
    }

    /** The class embedding, then every patch; each with its position. */
    private Value embeddings(Value pixels, Value batchSize) {
        int dim = vision.hiddenSize();
        int patch = vision.patchSize();
        String name = "vision_model.embeddings.";
        Value patches = graph.op(
                "Conv",
                List.of(
                        pixels,
                        weights.get(name + "patch_embedding.weight", dim, 3, patch, patch),
                        weights.get(name + "patch_embedding.bias", dim)),
                Attribute.list("kernel_shape", patch, patch),
                Attribute.list("strides", patch, patch));
        Value flat = graph.op("Reshape", List.of(patches, graph.constant(0, dim, -1)));
        Value rows = graph.op("Transpose", List.of(flat), Attribute.list("perm", 0, 2, 1));
        Value first = expand(weights.get(name + "class_embedding", 1, 1, dim), batchSize, 1, dim);
        Value all = graph.op("Concat", List.of(first, rows), Attribute.of("axis", 1));
        return graph.op("Add", List.of(all, weights.get(name + "position_embedding", 1, vision.patches() + 1, dim)));
    }

    /** {@code a = x + Attention(LayerNorm(x)); a + MLP(LayerNorm(a))}, with the exact GELU. */
    private Value block(String name, Value x) {
        int dim = vision.hiddenSize();
        float eps = vision.layerNormEps();
        Value normal = layers.layerNorm(x, name + "layer_norm1", dim, eps);
        List<Value> qkv = graph.split(layers.linear(normal, name + "self_attn.qkv", 3 * dim, dim), 3);
        Value context = layers.attention(qkv.get(0), qkv.get(1), qkv.get(2), vision.numAttentionHeads());
        Value a = graph.op("Add", List.of(x, layers.linear(context, name + "self_attn.projection", dim, dim)));
        Value inner = layers.linear(
                layers.layerNorm(a, name + "layer_norm2", dim, eps), name + "mlp.fc1", vision.intermediateSize(), dim);
        Value outer =
                layers.linear(graph.contrib("Gelu", List.of(inner)), name + "mlp.fc2", dim, vision.intermediateSize());
        return graph.op("Add", List.of(a, outer));
    }

    /** The learned queries, after they have asked one another and the picture. */
    private Value queries(Value seen, Value batchSize) {
        int dim = qformer.hiddenSize();
        int count = config.numQueryTokens();
        Value h = expand(
                layers.layerNorm(
                        weights.get("query_tokens", 1, count, dim), "qformer.layernorm", dim, qformer.layerNormEps()),
                batchSize,
                count,
                dim);
        for (int layer = 0; layer < qformer.numHiddenLayers(); layer++) {
            String name = "qformer.encoder.layer." + layer + ".";
            h = attention(name + "attention.", h, h, dim);
            if (layer % qformer.crossAttentionFrequency() == 0) {
                h = attention(name + "crossattention.", h, seen, vision.hiddenSize());
            }
            Value inner = layers.linear(h, name + "intermediate_query.dense", qformer.intermediateSize(), dim);
            Value outer = layers.linear(
                    graph.contrib("Gelu", List.of(inner)),
                    name + "output_query.dense",
                    dim,
                    qformer.intermediateSize());
            h = addAndNorm(outer, h, name + "output_query.LayerNorm");
        }
        return h;
    }

    /** {@code LayerNorm(x + Attention(x, to))}. */
    private Value attention(String name, Value x, Value to, int toDim) {
        int dim = qformer.hiddenSize();
        Value context = layers.attention(
                layers.linear(x, name + "attention.query", dim, dim),
                layers.linear(to, name + "attention.key", dim, toDim),
                layers.linear(to, name + "attention.value", dim, toDim),
                qformer.numAttentionHeads());
        return addAndNorm(layers.linear(context, name + "output.dense", dim, dim), x, name + "output.LayerNorm");
    }

    private Value addAndNorm(Value x, Value skip, String norm) {
        return layers.layerNorm(graph.op("Add", List.of(x, skip)), norm, qformer.hiddenSize(), qformer.layerNormEps());
    }

    /** Repeats {@code [1, rows, dim]} for every picture. */
    private Value expand(Value value, Value batchSize, int rows, int dim) {
        Value shape = graph.op("Concat", List.of(batchSize, graph.constant(rows, dim)), Attribute.of("axis", 0));
        return graph.op("Expand", List.of(value, shape));
    }
}
