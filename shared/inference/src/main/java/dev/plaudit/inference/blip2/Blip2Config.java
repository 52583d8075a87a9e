package dev.plaudit.inference.blip2;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.opt.OptConfig;
import java.util.OptionalInt;

/**
 * The shape of a {@code Blip2ForConditionalGeneration}, by the names of Hugging Face's {@code config.json}.
 *
 * @param vision the vision transformer
 * @param qformer the querying transformer
 * @param numQueryTokens vectors that the language model is told the picture in
 * @param text the language model
 * @param imageTokenId the token that those vectors replace in a prompt; empty for checkpoints that only put them in front
 */
public record Blip2Config(
        Vision vision, QFormer qformer, int numQueryTokens, OptConfig text, OptionalInt imageTokenId) {
    /** The {@code model_type} of this architecture. */
    public static final String MODEL_TYPE = "blip-2";

    /**
     * A pre-norm vision transformer (Dosovitskiy et al. 2021).
     *
     * @param imageSize side of the square picture in pixels; a multiple of {@code patchSize}
     * @param patchSize side of a square patch in pixels
     * @param hiddenSize width of a hidden state; a multiple of {@code numAttentionHeads}
     * @param numHiddenLayers number of transformer blocks
     * @param numAttentionHeads attention heads of a block
     * @param intermediateSize width of the feed-forward network's inner layer
     * @param layerNormEps added to variances
     */
    public record Vision(
            int imageSize,
            int patchSize,
            int hiddenSize,
            int numHiddenLayers,
            int numAttentionHeads,
            int intermediateSize,
            float layerNormEps) {
        /** Patches of a picture. */
        public int patches() {
            return (imageSize / patchSize) * (imageSize / patchSize);
        }
    }

    /**
     * A BERT whose layers attend to the picture now and then.
     *
     * @param hiddenSize width of a hidden state; a multiple of {@code numAttentionHeads}
     * @param numHiddenLayers number of transformer blocks
     * @param numAttentionHeads attention heads of a block
     * @param intermediateSize width of the feed-forward network's inner layer
     * @param crossAttentionFrequency every how many layers the picture is attended to, the first one among them
     * @param layerNormEps added to variances
     */
    public record QFormer(
            int hiddenSize,
            int numHiddenLayers,
            int numAttentionHeads,
            int intermediateSize,
            int crossAttentionFrequency,
            float layerNormEps) {}

    /** @throws ModelException when a field is missing or out of range, or asks for what is not built here */
    public static Blip2Config of(ConfigFile file) {
        String type = file.text("model_type", "none");
        String language = file.part("text_config").text("model_type", OptConfig.MODEL_TYPE);
        require(file, type.equals(MODEL_TYPE), "model_type is " + type + ", but only " + MODEL_TYPE + " is supported");
        require(
                file,
                language.equals(OptConfig.MODEL_TYPE),
                "the language model is a " + language + ", but only " + OptConfig.MODEL_TYPE + " is supported");
        ConfigFile v = file.part("vision_config");
        ConfigFile q = file.part("qformer_config");
        requireGelu(v);
        requireGelu(q);
        require(file, v.flag("qkv_bias", true), "vision_config.qkv_bias must be true");
        Vision vision = new Vision(
                v.positive("image_size", 224),
                v.positive("patch_size", 14),
                v.positive("hidden_size", 1408),
                v.positive("num_hidden_layers", 39),
                v.positive("num_attention_heads", 16),
                v.positive("intermediate_size", 6144),
                (float) v.number("layer_norm_eps", 1e-6));
        QFormer qformer = new QFormer(
                q.positive("hidden_size", 768),
                q.positive("num_hidden_layers", 12),
                q.positive("num_attention_heads", 12),
                q.positive("intermediate_size", 3072),
                q.positive("cross_attention_frequency", 2),
                (float) q.number("layer_norm_eps", 1e-12));
        require(
                file,
                vision.imageSize % vision.patchSize == 0,
                "vision_config.image_size must be a multiple of patch_size");
        requireHeads(file, vision.hiddenSize, vision.numAttentionHeads);
        requireHeads(file, qformer.hiddenSize, qformer.numAttentionHeads);
        require(
                file,
                q.positive("encoder_hidden_size", vision.hiddenSize) == vision.hiddenSize,
                "qformer_config.encoder_hidden_size must equal vision_config.hidden_size");
        int image = file.natural("image_token_index", file.natural("image_token_id", -1));
        return new Blip2Config(
                vision,
                qformer,
                file.positive("num_query_tokens", 32),
                OptConfig.of(file.part("text_config")),
                image < 0 ? OptionalInt.empty() : OptionalInt.of(image));
    }

    private static void requireGelu(ConfigFile part) {
        String activation = part.text("hidden_act", "gelu");
        require(part, activation.equals("gelu"), "hidden_act is " + activation + ", but only gelu is supported");
    }

    private static void requireHeads(ConfigFile file, int hidden, int heads) {
        require(
                file,
                hidden % heads == 0,
                "hidden_size " + hidden + " must be a multiple of num_attention_heads " + heads);
    }

    private static void require(ConfigFile file, boolean holds, String problem) {
        if (!holds) {
            throw new ModelException(file.path() + ": " + problem);
        }
    }
}
