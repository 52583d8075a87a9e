package dev.plaudit.training.caption;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of a {@code Blip2ForConditionalGeneration} with an OPT language model (Li et al. 2023, "BLIP-2"),
 * as in {@code config.json}.
 *
 * @param image side of the square picture, in pixels
 * @param patch side of a square patch, in pixels; must divide {@code image}
 * @param vision the picture's transformer
 * @param queries how many vectors the language model is told the picture in
 * @param query the transformer that draws them from the picture (Q-Former)
 * @param crossEvery every how many layers of it attend to the picture, the first one among them
 * @param language the language model's transformer
 * @param vocabulary number of tokens
 * @param positions the most positions of the language model, queries included
 */
public record Blip2Shape(
        int image,
        int patch,
        Tower vision,
        int queries,
        Tower query,
        int crossEvery,
        Tower language,
        int vocabulary,
        int positions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** OPT's position embeddings begin with two that are never used. */
    static final int POSITION_OFFSET = 2;

    static final int PAD = 1;
    static final int END = 2;

    /**
     * A stack of transformer layers.
     *
     * @param layers how many
     * @param dim width
     * @param heads of the attention; must divide {@code dim}
     * @param inner width inside the feed-forward part
     */
    public record Tower(int layers, int dim, int heads, int inner) {
        public Tower {
            if (layers < 1 || dim < 1 || heads < 1 || inner < 1) {
                throw new IllegalArgumentException("Every size of a BLIP-2 must be positive.");
            }
            if (dim % heads != 0) {
                throw new IllegalArgumentException("A width of " + dim + " cannot be shared by " + heads + " heads.");
            }
        }
    }

    public Blip2Shape {
        if (patch < 1 || image < patch || image % patch != 0) {
            throw new IllegalArgumentException(
                    "A picture of " + image + " pixels cannot be cut into patches of " + patch + ".");
        }
        if (queries < 1 || crossEvery < 1 || vocabulary < 3 || positions <= queries) {
            throw new IllegalArgumentException("Every size of a BLIP-2 must be positive.");
        }
    }

    /** The shape that ships. */
    public static Blip2Shape small(int vocabulary) {
        Tower vision = new Tower(4, 128, 4, 512);
        return new Blip2Shape(
                80, 10, vision, 8, new Tower(1, 128, 4, 512), 1, new Tower(2, 128, 4, 512), vocabulary, 64);
    }

    /** The most tokens of a caption, the end among them. */
    int captionTokens() {
        return positions - queries;
    }

    int patches() {
        return (image / patch) * (image / patch);
    }

    /** What the kernels must know beside the weights. */
    long[] kernelShape() {
        return new long[] {
            vision.layers(),
            vision.heads(),
            patch,
            query.layers(),
            query.heads(),
            crossEvery,
            language.layers(),
            language.heads(),
            firstLanguageWeight()
        };
    }

    private int firstLanguageWeight() {
        List<Weight> weights = weights();
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i).name().startsWith("language_model.")) {
                return i;
            }
        }
        throw new IllegalStateException("no language model");
    }

    /** Hugging Face's name and shape of every weight, in the order in which the kernels take them. */
    List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        vision(weights);
        queries(weights);
        weights.add(new Weight("language_projection.weight", language.dim(), query.dim()));
        weights.add(new Weight("language_projection.bias", language.dim()));
        language(weights);
        return weights;
    }

    private void vision(List<Weight> weights) {
        int dim = vision.dim();
        String embeddings = "vision_model.embeddings.";
        weights.add(new Weight(embeddings + "class_embedding", 1, 1, dim));
        weights.add(new Weight(embeddings + "position_embedding", 1, patches() + 1, dim));
        weights.add(new Weight(embeddings + "patch_embedding.weight", dim, 3, patch, patch));
        weights.add(new Weight(embeddings + "patch_embedding.bias", dim));
        for (int i = 0; i < vision.layers(); i++) {
            String layer = "vision_model.encoder.layers." + i + ".";
            norm(weights, layer + "layer_norm1", dim);
            linear(weights, layer + "self_attn.qkv", 3 * dim, dim);
            linear(weights, layer + "self_attn.projection", dim, dim);
            norm(weights, layer + "layer_norm2", dim);
            linear(weights, layer + "mlp.fc1", vision.inner(), dim);
            linear(weights, layer + "mlp.fc2", dim, vision.inner());
        }
        norm(weights, "vision_model.post_layernorm", dim);
    }

    private void queries(List<Weight> weights) {
        int dim = query.dim();
        weights.add(new Weight("query_tokens", 1, queries, dim));
        norm(weights, "qformer.layernorm", dim);
        for (int i = 0; i < query.layers(); i++) {
            String layer = "qformer.encoder.layer." + i + ".";
            attention(weights, layer + "attention", dim);
            if (i % crossEvery == 0) {
                attention(weights, layer + "crossattention", vision.dim());
            }
            linear(weights, layer + "intermediate_query.dense", query.inner(), dim);
            linear(weights, layer + "output_query.dense", dim, query.inner());
            norm(weights, layer + "output_query.LayerNorm", dim);
        }
    }

    private void attention(List<Weight> weights, String name, int attended) {
        int dim = query.dim();
        linear(weights, name + ".attention.query", dim, dim);
        linear(weights, name + ".attention.key", dim, attended);
        linear(weights, name + ".attention.value", dim, attended);
        linear(weights, name + ".output.dense", dim, dim);
        norm(weights, name + ".output.LayerNorm", dim);
    }

    private void language(List<Weight> weights) {
        int dim = language.dim();
        String decoder = "language_model.model.decoder.";
        weights.add(new Weight(decoder + "embed_tokens.weight", vocabulary, dim));
        weights.add(new Weight(decoder + "embed_positions.weight", positions + POSITION_OFFSET, dim));
        for (int i = 0; i < language.layers(); i++) {
            String layer = decoder + "layers." + i + ".";
            for (String projection : List.of("k_proj", "v_proj", "q_proj", "out_proj")) {
                linear(weights, layer + "self_attn." + projection, dim, dim);
            }
            norm(weights, layer + "self_attn_layer_norm", dim);
            linear(weights, layer + "fc1", language.inner(), dim);
            linear(weights, layer + "fc2", dim, language.inner());
            norm(weights, layer + "final_layer_norm", dim);
        }
        norm(weights, decoder + "final_layer_norm", dim);
    }

    static void linear(List<Weight> weights, String name, long out, long in) {
        weights.add(new Weight(name + ".weight", out, in));
        weights.add(new Weight(name + ".bias", out));
    }

    private static void norm(List<Weight> weights, String name, long dim) {
        weights.add(new Weight(name + ".weight", dim));
        weights.add(new Weight(name + ".bias", dim));
    }

    /** One weight by Hugging Face's name. */
    record Weight(String name, long... shape) {

        boolean isNorm() {
            return name.contains("norm") || name.contains("LayerNorm");
        }

        boolean decays() {
            return shape.length > 1;
        }

        /** Whether it belongs to a linear layer, its bias included. */
        boolean multiplies() {
            return !isNorm()
                    && !name.contains("embed")
                    && !name.equals("query_tokens")
                    && !name.startsWith("question.");
        }

        int size() {
            long size = 1;
            for (long extent : shape) {
                size = Math.multiplyExact(size, extent);
            }
            return Math.toIntExact(size);
        }
    }

    /** Writes {@code config.json}, {@code generation_config.json} and {@code preprocessor_config.json}. */
    void write(Path folder) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("Blip2ForConditionalGeneration");
        config.put("initializer_factor", 1.0).put("initializer_range", 0.02);
        config.put("model_type", "blip-2").put("num_query_tokens", queries);
        config.put("use_decoder_only_language_model", true);
        visionConfig(config.putObject("vision_config"));
        queryConfig(config.putObject("qformer_config"));
        languageConfig(config.putObject("text_config"));
        write(folder, "config.json", config);

        ObjectNode generation = JSON.createObjectNode();
        generation.put("bos_token_id", END).put("eos_token_id", END).put("pad_token_id", PAD);
        generation.put("do_sample", false).put("num_beams", 1).put("max_new_tokens", Math.min(30, captionTokens()));
        write(folder, "generation_config.json", generation);

        ObjectNode pictures = JSON.createObjectNode();
        pictures.put("image_processor_type", "BlipImageProcessor").put("processor_class", "Blip2Processor");
        pictures.put("do_convert_rgb", true).put("do_resize", true).put("resample", 3);
        pictures.putObject("size").put("height", image).put("width", image);
        pictures.put("do_rescale", true).put("rescale_factor", 1 / 255.0).put("do_normalize", true);
        pictures.putArray("image_mean").add(0.5).add(0.5).add(0.5);
        pictures.putArray("image_std").add(0.5).add(0.5).add(0.5);
        write(folder, "preprocessor_config.json", pictures);
    }

    private void visionConfig(ObjectNode config) {
        config.put("model_type", "blip_2_vision_model").put("hidden_act", "gelu");
        sizes(config, vision).put("intermediate_size", vision.inner());
        config.put("image_size", image).put("patch_size", patch).put("qkv_bias", true);
        config.put("attention_dropout", 0.0).put("layer_norm_eps", 1e-6);
    }

    private void queryConfig(ObjectNode config) {
        config.put("model_type", "blip_2_qformer").put("hidden_act", "gelu");
        sizes(config, query).put("intermediate_size", query.inner());
        config.put("encoder_hidden_size", vision.dim()).put("cross_attention_frequency", crossEvery);
        config.put("attention_probs_dropout_prob", 0.0).put("hidden_dropout_prob", 0.0);
        config.put("layer_norm_eps", 1e-12).put("use_qformer_text_input", false);
        config.put("max_position_embeddings", 512).put("vocab_size", 30522).put("pad_token_id", 0);
    }

    private void languageConfig(ObjectNode config) {
        config.put("model_type", "opt").put("activation_function", "relu");
        config.putArray("architectures").add("OPTForCausalLM");
        sizes(config, language).put("ffn_dim", language.inner()).put("word_embed_proj_dim", language.dim());
        config.put("vocab_size", vocabulary).put("max_position_embeddings", positions);
        config.put("do_layer_norm_before", true).put("enable_bias", true).put("layer_norm_elementwise_affine", true);
        config.put("attention_dropout", 0.0).put("dropout", 0.0).put("tie_word_embeddings", true);
        config.put("bos_token_id", END).put("eos_token_id", END).put("pad_token_id", PAD);
    }

    private static ObjectNode sizes(ObjectNode config, Tower tower) {
        config.put("hidden_size", tower.dim()).put("num_hidden_layers", tower.layers());
        return config.put("num_attention_heads", tower.heads());
    }

    private static void write(Path folder, String file, ObjectNode content) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(file), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }
}
