package dev.plaudit.inference.llama;

import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.CausalGraph;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Layers;
import dev.plaudit.inference.onnx.Rows;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The forward pass of a {@code LlamaForCausalLM} as a graph with the inputs and outputs of a {@link CausalGraph}. */
public final class LlamaGraph {
    /** What its file in another precision is called after. */
    public static final String PART = "model";

    /** The tensor of the token embeddings, {@code [vocab_size, hidden_size]}. */
    public static final String EMBEDDINGS = "model.embed_tokens.weight";

    private final LlamaConfig config;
    private final GraphBuilder graph = new GraphBuilder();
    private final Weights weights;
    private final Layers layers;
    private final CausalGraph causal;
    private final Value cos;
    private final Value sin;

    private LlamaGraph(
            LlamaConfig config,
            CausalShape shape,
            Checkpoint checkpoint,
            Path sidecar,
            Precision precision,
            Arena memory) {
        this.config = config;
        this.weights = new Weights(graph, checkpoint, sidecar, PART, precision, memory);
        this.layers = new Layers(graph, weights);
        this.causal = CausalGraph.of(graph, shape);
        this.cos = angles("rope.cos", Math::cos);
        this.sin = angles("rope.sin", Math::sin);
    }

    /**
     * Builds the graph.
     *
     * @param shape of the configuration, for the device it will run on
     * @param sidecar the folder of the weights in another precision
     * @param memory where the tensors live that are not used where they lie; it may be closed once the session is open
     * @return its weights, which make the model
     * @throws dev.plaudit.inference.ModelException when a tensor is missing or has another shape than configured
     */
    public static Weights of(
            LlamaConfig config,
            CausalShape shape,
            Checkpoint checkpoint,
            Path sidecar,
            Precision precision,
            Arena memory) {
        LlamaGraph graph = new LlamaGraph(config, shape, checkpoint, sidecar, precision, memory);
        graph.forward();
        return graph.weights;
    }

    private void forward() {
        int dim = config.hiddenSize();
        Value h = causal.embeds();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            h = block(layer, h);
        }
        Value last = layers.rmsNorm(causal.last(h), "model.norm", dim, config.rmsNormEps());
        String head = config.tieWordEmbeddings() ? EMBEDDINGS : "lm_head.weight";
        causal.logits(layers.product(last, head, config.vocabSize(), dim));
    }

    /** {@code a = x + Attention(RMSNorm(x)); a + FFN(RMSNorm(a))}. */
    private Value block(int layer, Value x) {
        int dim = config.hiddenSize();
        String name = "model.layers." + layer + ".";
        Value normal = layers.rmsNorm(x, name + "input_layernorm", dim, config.rmsNormEps());
        Value a = graph.op("Add", List.of(x, attention(layer, normal, name + "self_attn.")));
        Value again = layers.rmsNorm(a, name + "post_attention_layernorm", dim, config.rmsNormEps());
        return graph.op("Add", List.of(a, feedForward(again, name + "mlp.")));
    }

    private Value attention(int layer, Value x, String name) {
        List<Rows> three = List.of(
                new Rows(name + "q_proj.weight", config.queryDim()),
                new Rows(name + "k_proj.weight", config.keyValueDim()),
                new Rows(name + "v_proj.weight", config.keyValueDim()));
        List<Value> qkv = layers.products(x, name + "qkv", three, config.hiddenSize());
        Value context = causal.rotaryAttention(
                layer, config.attentionBias() ? biased(qkv, three) : qkv, cos, sin, config.numAttentionHeads());
        return linear(context, name + "o_proj", config.hiddenSize(), config.queryDim(), config.attentionBias());
    }

    private List<Value> biased(List<Value> products, List<Rows> matrices) {
        List<Value> biases = matrices.stream()
                .map(matrix -> weights.get(matrix.weight().replaceFirst("weight$", "bias"), matrix.out()))
                .toList();
        if (products.size() == 1) {
            Value together = graph.op("Concat", biases, Attribute.of("axis", 0));
            return List.of(graph.op("Add", List.of(products.getFirst(), together)));
        }
        List<Value> sums = new ArrayList<>();
        for (int i = 0; i < products.size(); i++) {
            sums.add(graph.op("Add", List.of(products.get(i), biases.get(i))));
        }
        return sums;
    }

    /** {@code W_down (SiLU(W_gate x) ⊙ W_up x)} (Shazeer 2020, "GLU Variants Improve Transformer"). */
    private Value feedForward(Value x, String name) {
        int inner = config.intermediateSize();
        int dim = config.hiddenSize();
        Value gate = linear(x, name + "gate_proj", inner, dim, config.mlpBias());
        Value up = linear(x, name + "up_proj", inner, dim, config.mlpBias());
        Value silu = graph.contrib("QuickGelu", List.of(gate), Attribute.of("alpha", 1f));
        return linear(graph.op("Mul", List.of(silu, up)), name + "down_proj", dim, inner, config.mlpBias());
    }

    private Value linear(Value x, String name, int out, int in, boolean bias) {
        return bias ? layers.linear(x, name, out, in) : layers.product(x, name + ".weight", out, in);
    }

    /** A function of the angle of every pair at every place, {@code [places, head / 2]}. */
    private Value angles(String name, DoubleUnaryOperator function) {
        double[] frequencies = config.rope().frequencies(config.headDim());
        float[] values = new float[config.maxPositionEmbeddings() * frequencies.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.applyAsDouble(i / frequencies.length * frequencies[i % frequencies.length]);
        }
        return weights.of(name, values, config.maxPositionEmbeddings(), frequencies.length);
    }
}
