package dev.plaudit.inference.onnx;

import java.util.List;

/** The layers that transformers are made of, as nodes of a graph over a checkpoint's weights. */
public record Layers(GraphBuilder graph, Weights weights) {
    /** {@code x Wᵀ + b} with {@code name.weight} {@code [out, in]} and {@code name.bias} {@code [out]}. */
    public Value linear(Value x, String name, int out, int in) {
        return graph.op("Add", List.of(product(x, name + ".weight", out, in), weights.get(name + ".bias", out)));
    }

    /** {@code x Wᵀ} in the precision asked for; {@code W} is {@code [out, in]}. */
    public Value product(Value x, String weight, int out, int in) {
        return switch (weights.precision()) {
            case FP32 -> exactProduct(x, weight, out, in);
            case FP16 -> halfProduct(x, weight, out, in);
            case INT8 -> {
                Weights.Quantized w = weights.int8(weight, out, in);
                yield graph.contrib("DynamicQuantizeMatMul", List.of(x, w.matrix(), w.scale(), w.zeroPoint()));
            }
            case INT4, INT4_64, INT4_128 -> blockedProduct(x, weight, List.of(new Rows(weight, out)), in);
        };
    }

    /**
     * The products of one value with several matrices. Where the precision is in blocks, that is one product, and one
     * value that holds them one behind another.
     *
     * @param name of the matrices together
     * @param matrices {@code [out, in]} each
     */
    public List<Value> products(Value x, String name, List<Rows> matrices, int in) {
        return weights.precision().block() > 0
                ? List.of(blockedProduct(x, name, matrices, in))
                : matrices.stream()
                        .map(matrix -> product(x, matrix.weight(), matrix.out(), in))
                        .toList();
    }

    private Value blockedProduct(Value x, String name, List<Rows> matrices, int in) {
        Weights.Blocked w = weights.blocked(name, matrices, in);
        return graph.contrib(
                "MatMulNBits",
                List.of(x, w.matrix(), w.scales()),
                Attribute.of("K", in),
                Attribute.of("N", matrices.stream().mapToInt(Rows::out).sum()),
                Attribute.of("bits", 4),
                Attribute.of("block_size", weights.precision().block()),
                Attribute.of("accuracy_level", Quantization.INT8_ACTIVATIONS));
    }

    private Value halfProduct(Value x, String weight, int out, int in) {
        Value half = transposedProduct(cast(x, ElementType.FLOAT16), weights.half(weight, out, in));
        return cast(half, ElementType.FLOAT);
    }

    private Value cast(Value x, ElementType type) {
        return graph.op("Cast", List.of(x), Attribute.of("to", type));
    }

    /** {@code x Wᵀ} in single precision. */
    public Value exactProduct(Value x, String weight, int out, int in) {
        return transposedProduct(x, weights.get(weight, out, in));
    }

    private Value transposedProduct(Value x, Value matrix) {
        return graph.contrib("FusedMatMul", List.of(x, matrix), Attribute.of("transB", 1));
    }

    /** {@code x / √(mean(x²) + ε) · g} over the last dimension (Zhang and Sennrich 2019). */
    public Value rmsNorm(Value x, String name, int dim, float epsilon) {
        return graph.op(
                "SimplifiedLayerNormalization",
                List.of(x, weights.get(name + ".weight", dim)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", epsilon),
                Attribute.of("stash_type", 1));
    }

    /** Layer normalisation over the last dimension (Ba et al. 2016). */
    public Value layerNorm(Value x, String name, int dim, float epsilon) {
        return graph.op(
                "LayerNormalization",
                List.of(x, weights.get(name + ".weight", dim), weights.get(name + ".bias", dim)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", epsilon));
    }

    /**
     * {@code softmax(QKᵀ / √(dim / heads)) V}, every query over every key.
     *
     * @param q {@code [batch, asking, dim]}
     * @param k {@code [batch, asked, dim]}
     * @param v {@code [batch, asked, dim]}
     */
    public Value attention(Value q, Value k, Value v, int heads) {
        return graph.contrib("MultiHeadAttention", List.of(q, k, v), Attribute.of("num_heads", heads));
    }
}
