package dev.plaudit.inference.llama;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.decoding.CausalShape;

/**
 * The shape of a {@code LlamaForCausalLM}, by the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize number of token embeddings
 * @param maxPositionEmbeddings longest sequence in tokens
 * @param hiddenSize width of a hidden state
 * @param intermediateSize width of the feed-forward network's inner layer
 * @param numHiddenLayers number of transformer blocks
 * @param numAttentionHeads heads of the queries in a block
 * @param numKeyValueHeads heads of the keys and values, each of which serves as many of the queries
 * @param headDim width of a head, a multiple of 16
 * @param rope how positions turn queries and keys
 * @param rmsNormEps added to the mean square in every normalisation
 * @param tieWordEmbeddings whether the token embeddings are the output layer too
 * @param attentionBias whether the layers of attention have biases
 * @param mlpBias whether those of the feed-forward network have
 */
public record LlamaConfig(
        int vocabSize,
        int maxPositionEmbeddings,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        Rope rope,
        float rmsNormEps,
        boolean tieWordEmbeddings,
        boolean attentionBias,
        boolean mlpBias) {
    /** The {@code model_type} of this architecture. */
    public static final String MODEL_TYPE = "llama";

    /** What ONNX Runtime's rotation of a head asks for. */
    private static final int HEAD_MULTIPLE = 16;

    /** @throws ModelException when a field is missing or out of range, or asks for what is not built here */
    public static LlamaConfig of(ConfigFile file) {
        String type = file.text("model_type", "");
        require(
                file,
                type.equals(MODEL_TYPE),
                "model_type must be llama, but is " + (type.isEmpty() ? "missing" : type));
        String act = file.text("hidden_act", "silu");
        require(file, act.equals("silu"), "hidden_act must be silu, but is " + act);
        require(file, file.number("partial_rotary_factor", 1) == 1, "partial_rotary_factor must be 1");
        require(
                file,
                !file.root().hasNonNull("quantization_config"),
                "quantization_config must be missing: weights that are quantised already are not read");
        int heads = file.positive("num_attention_heads");
        int hidden = file.positive("hidden_size");
        int keyValueHeads = file.natural("num_key_value_heads", heads);
        int head = file.natural("head_dim", hidden / heads);
        require(
                file,
                keyValueHeads > 0 && heads % keyValueHeads == 0,
                "num_attention_heads " + heads + " must be a multiple of num_key_value_heads " + keyValueHeads);
        require(
                file,
                head > 0 && head % HEAD_MULTIPLE == 0,
                "the width of a head must be a multiple of " + HEAD_MULTIPLE + ", but is " + head);
        double epsilon = file.number("rms_norm_eps", 1e-6);
        require(file, epsilon > 0 && epsilon < 1, "rms_norm_eps must be above 0 and below 1");
        return new LlamaConfig(
                file.positive("vocab_size"),
                file.positive("max_position_embeddings"),
                hidden,
                file.positive("intermediate_size"),
                file.positive("num_hidden_layers"),
                heads,
                keyValueHeads,
                head,
                Rope.of(file),
                (float) epsilon,
                file.flag("tie_word_embeddings", false),
                file.flag("attention_bias", false),
                file.flag("mlp_bias", false));
    }

    /** The same with no more than so many positions, for which less is computed beforehand. */
    public LlamaConfig within(int positions) {
        return new LlamaConfig(
                vocabSize,
                Math.min(maxPositionEmbeddings, positions),
                hiddenSize,
                intermediateSize,
                numHiddenLayers,
                numAttentionHeads,
                numKeyValueHeads,
                headDim,
                rope,
                rmsNormEps,
                tieWordEmbeddings,
                attentionBias,
                mlpBias);
    }

    /** Width of all heads of the queries together. */
    int queryDim() {
        return numAttentionHeads * headDim;
    }

    /** Width of all heads of the keys together. */
    int keyValueDim() {
        return numKeyValueHeads * headDim;
    }

    /** What decoding needs of it. */
    public CausalShape causal() {
        return new CausalShape(
                numHiddenLayers, hiddenSize, numKeyValueHeads, headDim, vocabSize, maxPositionEmbeddings);
    }

    static void require(ConfigFile file, boolean holds, String rule) {
        if (!holds) {
            throw new ModelException(file.path() + ": of a Llama, " + rule);
        }
    }
}
