package dev.plaudit.inference.distilbert;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;
import static dev.plaudit.inference.onnx.ElementType.INT32;
import static dev.plaudit.inference.onnx.ElementType.INT64;

import dev.plaudit.inference.Precision;
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
 * The forward pass of a {@code DistilBertForSequenceClassification} as a graph.
 *
 * <p>Inputs: {@code input_ids} and {@code attention_mask}, both int64 {@code [batch, sequence]}; the mask is 1 for a
 * token, 0 for padding, which stands at the end. Outputs: {@code logits} {@code [batch, num_labels]} and {@code
 * embedding} {@code [batch, dim]}, the pooled vector {@code ReLU(pre_classifier(h_CLS))}.
 */
public final class DistilBertGraph {
    /** Added to the variance in every layer normalisation. */
    private static final Attribute EPSILON = Attribute.of("epsilon", 1e-12f);

    private final DistilBertConfig config;
    private final GraphBuilder graph = new GraphBuilder();
    private final Weights weights;
    private final Layers layers;

    private DistilBertGraph(DistilBertConfig config, SafeTensors checkpoint, Precision precision, Arena memory) {
        this.config = config;
        this.weights = new Weights(graph, checkpoint, "model", precision, memory);
        this.layers = new Layers(graph, weights);
    }

    /**
     * Builds the graph.
     *
     * @param memory where the tensors live that are not used where they lie; it may be closed once the session is open
     * @throws dev.plaudit.inference.ModelException when a tensor is missing or has another shape than configured
     */
    public static OnnxModel of(DistilBertConfig config, SafeTensors checkpoint, Precision precision, Arena memory) {
        return new DistilBertGraph(config, checkpoint, precision, memory).forward();
    }

    private OnnxModel forward() {
        Dimension batch = Dimension.of("batch");
        Dimension sequence = Dimension.of("sequence");
        Value ids = graph.input("input_ids", INT64, batch, sequence);
        Value mask = graph.op(
                "Cast", List.of(graph.input("attention_mask", INT64, batch, sequence)), Attribute.of("to", INT32));

        Value h = embeddings(ids);
        for (int layer = 0; layer < config.nLayers() - 1; layer++) {
            h = block(layer, h, h, mask);
        }
        // Only [CLS] is classified, so in the last block it alone asks; the others are still attended to.
        Value cls = block(config.nLayers() - 1, firstToken(h), h, mask);

        Value pooled = graph.op("Reshape", List.of(cls, graph.constant(-1, config.dim())));
        Value embedding = graph.op("Relu", List.of(head("pre_classifier", pooled, config.dim())));
        Value logits = head("classifier", embedding, config.numLabels());
        graph.output("logits", logits, FLOAT, batch, Dimension.of(config.numLabels()));
        graph.output("embedding", embedding, FLOAT, batch, Dimension.of(config.dim()));
        return weights.model();
    }

    /** LayerNorm(word + position). */
    private Value embeddings(Value ids) {
        String name = "distilbert.embeddings.";
        Value words = weights.get(name + "word_embeddings.weight", config.vocabSize(), config.dim());
        Value positions =
                weights.get(name + "position_embeddings.weight", config.maxPositionEmbeddings(), config.dim());
        Value length = graph.op("Shape", List.of(ids), Attribute.of("start", 1), Attribute.of("end", 2));
        Value zero = graph.constant(0);
        Value sum = graph.op(
                "Add",
                List.of(
                        graph.op("Gather", List.of(words, ids)),
                        graph.op("Slice", List.of(positions, zero, length, zero))));
        return graph.op(
                "LayerNormalization",
                List.of(sum, vector(name + "LayerNorm.weight"), vector(name + "LayerNorm.bias")),
                EPSILON);
    }

    /**
     * One transformer block: {@code a = LayerNorm(x + Attention(x)); LayerNorm(a + FFN(a))}.
     *
     * @param asking the states that are carried on, {@code [batch, asking, dim]}
     * @param attended the states that they attend to, {@code [batch, sequence, dim]}
     */
    private Value block(int layer, Value asking, Value attended, Value mask) {
        String name = "distilbert.transformer.layer." + layer + ".";
        Value a = addAndNorm(
                attention(name + "attention.", asking, attended, mask),
                asking,
                name + "attention.out_lin.bias",
                name + "sa_layer_norm");
        return addAndNorm(feedForward(name + "ffn.", a), a, name + "ffn.lin2.bias", name + "output_layer_norm");
    }

    /** {@code softmax(QKᵀ / √(dim / n_heads)) V W_O}, without the bias of {@code out_lin}. */
    private Value attention(String name, Value asking, Value attended, Value mask) {
        int dim = config.dim();
        Value bias = graph.op(
                "Concat",
                List.of(vector(name + "q_lin.bias"), vector(name + "k_lin.bias"), vector(name + "v_lin.bias")),
                Attribute.of("axis", 0));
        Value heads = graph.contrib(
                "MultiHeadAttention",
                List.of(
                        layers.product(asking, name + "q_lin.weight", dim, dim),
                        layers.product(attended, name + "k_lin.weight", dim, dim),
                        layers.product(attended, name + "v_lin.weight", dim, dim),
                        bias,
                        mask),
                Attribute.of("num_heads", config.nHeads()));
        return layers.product(heads, name + "out_lin.weight", dim, dim);
    }

    /** {@code GELU(x W₁ᵀ + b₁) W₂ᵀ}, with the exact GELU of the error function and without the bias of {@code lin2}. */
    private Value feedForward(String name, Value x) {
        Value inner = layers.product(x, name + "lin1.weight", config.hiddenDim(), config.dim());
        Value active = graph.contrib("BiasGelu", List.of(inner, weights.get(name + "lin1.bias", config.hiddenDim())));
        return layers.product(active, name + "lin2.weight", config.dim(), config.hiddenDim());
    }

    /** {@code LayerNorm(x + bias + skip)}. */
    private Value addAndNorm(Value x, Value skip, String bias, String norm) {
        return graph.contrib(
                "SkipLayerNormalization",
                List.of(x, skip, vector(norm + ".weight"), vector(norm + ".bias"), vector(bias)),
                EPSILON);
    }

    /** A layer of the classification head, always in single precision: {@code x Wᵀ + b}. */
    private Value head(String name, Value x, int out) {
        Value product = layers.exactProduct(x, name + ".weight", out, config.dim());
        return graph.op("Add", List.of(product, weights.get(name + ".bias", out)));
    }

    private Value firstToken(Value h) {
        return graph.op("Slice", List.of(h, graph.constant(0), graph.constant(1), graph.constant(1)));
    }

    private Value vector(String name) {
        return weights.get(name, config.dim());
    }
}
