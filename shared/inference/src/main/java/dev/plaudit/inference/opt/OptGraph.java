package dev.plaudit.inference.opt;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.decoding.CausalGraph;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Layers;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.util.List;

/** The forward pass of an {@code OPTForCausalLM} as a graph with the inputs and outputs of a {@link CausalGraph}. */
public final class OptGraph {
    /** The first two position embeddings are never used: they stood for padding once. */
    public static final int POSITION_OFFSET = 2;

    private static final float EPSILON = 1e-5f;

    private final OptConfig config;
    private final String prefix;
    private final GraphBuilder graph = new GraphBuilder();
    private final Weights weights;
    private final Layers layers;
    private final CausalGraph causal;

    private OptGraph(OptConfig config, SafeTensors checkpoint, String prefix, InferenceOptions options, Arena memory) {
        this.config = config;
        this.prefix = prefix + "model.decoder.";
        this.weights = new Weights(graph, checkpoint, "language", OnnxSession.precision(options), memory);
        this.layers = new Layers(graph, weights);
        this.causal = CausalGraph.of(graph, config.causal().on(options));
    }

    /**
     * Builds the graph.
     *
     * @param prefix of the tensors' names: empty, or {@code language_model.} in a larger model
     * @param options its precision, and its device: attention on CUDA is in half precision
     * @param memory where the tensors live that are not used where they lie; it may be closed once the session is open
     * @throws dev.plaudit.inference.ModelException when a tensor is missing or has another shape than configured
     */
    public static OnnxModel of(
            OptConfig config, SafeTensors checkpoint, String prefix, InferenceOptions options, Arena memory) {
        return new OptGraph(config, checkpoint, prefix, options, memory).forward();
    }

    /** The tensor of the token embeddings, {@code [vocab_size, hidden_size]}, which is the output layer too. */
    public static String embeddings(String prefix) {
        return prefix + "model.decoder.embed_tokens.weight";
    }

    private OnnxModel forward() {
        int dim = config.hiddenSize();
        Value places =
                weights.get(prefix + "embed_positions.weight", config.maxPositionEmbeddings() + POSITION_OFFSET, dim);
        Value shifted = graph.op("Add", List.of(causal.positions(), graph.constant(POSITION_OFFSET)));
        Value h = graph.op("Add", List.of(causal.embeds(), graph.op("Gather", List.of(places, shifted))));
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            h = block(layer, h);
        }
        Value last = layers.layerNorm(causal.last(h), prefix + "final_layer_norm", dim, EPSILON);
        causal.logits(layers.exactProduct(last, prefix + "embed_tokens.weight", config.vocabSize(), dim));
        return weights.model();
    }

    /** {@code a = x + Attention(LayerNorm(x)); a + FFN(LayerNorm(a))}. */
    private Value block(int layer, Value x) {
        int dim = config.hiddenSize();
        String name = prefix + "layers." + layer + ".";
        String attention = name + "self_attn.";
        Value normal = layers.layerNorm(x, name + "self_attn_layer_norm", dim, EPSILON);
        Value context = causal.attention(
                layer,
                layers.linear(normal, attention + "q_proj", dim, dim),
                layers.linear(normal, attention + "k_proj", dim, dim),
                layers.linear(normal, attention + "v_proj", dim, dim),
                config.numAttentionHeads());
        Value a = graph.op("Add", List.of(x, layers.linear(context, attention + "out_proj", dim, dim)));
        Value inner = layers.linear(
                layers.layerNorm(a, name + "final_layer_norm", dim, EPSILON), name + "fc1", config.ffnDim(), dim);
        Value outer = layers.linear(graph.op("Relu", List.of(inner)), name + "fc2", dim, config.ffnDim());
        return graph.op("Add", List.of(a, outer));
    }
}
