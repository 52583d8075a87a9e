package dev.plaudit.inference.opt;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.decoding.CausalShape;

/**
 * The shape of an {@code OPTForCausalLM}, by the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize number of token embeddings
 * @param maxPositionEmbeddings longest sequence in tokens
 * @param hiddenSize width of a hidden state; a multiple of {@code numAttentionHeads}
 * @param numHiddenLayers number of transformer blocks
 * @param numAttentionHeads attention heads of a block
 * @param ffnDim width of the feed-forward network's inner layer
 * @param bosTokenId the token that every text begins with
 */
public record OptConfig(
        int vocabSize,
        int maxPositionEmbeddings,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int ffnDim,
        int bosTokenId) {
    /** The {@code model_type} of this architecture. */
    public static final String MODEL_TYPE = "opt";

    /** What ONNX Runtime's {@code GroupQueryAttention} asks of a head's width. */
    private static final int HEAD_ALIGNMENT = 8;

    /** @throws ModelException when a field is missing or out of range, or asks for what is not built here */
    public static OptConfig of(ConfigFile file) {
        require(file, file.text("activation_function", "relu").equals("relu"), "activation_function must be relu");
        require(file, file.flag("do_layer_norm_before", true), "do_layer_norm_before must be true");
        require(file, file.flag("enable_bias", true), "enable_bias must be true");
        require(file, file.flag("layer_norm_elementwise_affine", true), "layer_norm_elementwise_affine must be true");
        OptConfig config = new OptConfig(
                file.positive("vocab_size", 50272),
                file.positive("max_position_embeddings", 2048),
                file.positive("hidden_size", 768),
                file.positive("num_hidden_layers", 12),
                file.positive("num_attention_heads", 12),
                file.positive("ffn_dim", 3072),
                file.natural("bos_token_id", 2));
        require(
                file,
                file.natural("word_embed_proj_dim", config.hiddenSize) == config.hiddenSize,
                "word_embed_proj_dim must equal hidden_size");
        require(
                file,
                config.hiddenSize % config.numAttentionHeads == 0,
                "hidden_size " + config.hiddenSize + " must be a multiple of num_attention_heads "
                        + config.numAttentionHeads);
        require(
                file,
                config.hiddenSize / config.numAttentionHeads % HEAD_ALIGNMENT == 0,
                "a head's width, hidden_size / num_attention_heads, must be a multiple of " + HEAD_ALIGNMENT);
        require(file, config.bosTokenId < config.vocabSize, "bos_token_id must be below vocab_size");
        return config;
    }

    /** What decoding needs of it. */
    public CausalShape causal() {
        return new CausalShape(
                numHiddenLayers,
                hiddenSize,
                numAttentionHeads,
                hiddenSize / numAttentionHeads,
                vocabSize,
                maxPositionEmbeddings);
    }

    private static void require(ConfigFile file, boolean holds, String rule) {
        if (!holds) {
            throw new ModelException(file.path() + ": of an OPT, " + rule);
        }
    }
}
