package dev.plaudit.inference.blip2;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.RandomTensors;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.inference.vision.ImageProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * A BLIP-2 checkpoint of any shape with random weights, the same for the same shape.
 *
 * @param image side of the picture in pixels
 * @param vision the vision transformer
 * @param queries how many
 * @param qformer the querying transformer
 * @param crossEvery every how many layers the picture is attended to
 * @param text the language model
 */
record RandomBlip2(int image, int patch, Tower vision, int queries, Tower qformer, int crossEvery, RandomOpt text) {
    static final String LANGUAGE_MODEL = "language_model.";

    /** A stack of transformer blocks. */
    record Tower(int layers, int dim, int heads, int inner) {}

    static final RandomBlip2 SMALL = new RandomBlip2(
            28, 7, new Tower(2, 24, 3, 48), 4, new Tower(3, 16, 2, 40), 2, new RandomOpt(24, 2, 3, 36, 102, 32));

    /** A folder as Hugging Face lays it out. */
    Path write(Path folder, DType as) {
        return write(folder, as, tensors -> {});
    }

    /** A folder whose tensors were changed before they were written. */
    Path write(Path folder, DType as, Consumer<SequencedMap<String, Tensor>> change) {
        SequencedMap<String, Tensor> tensors = tensors();
        change.accept(tensors);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(ConfigFile.NAME), config());
            Files.writeString(folder.resolve(ImageProcessor.FILE), """
                    {"do_resize": true, "size": {"height": %d, "width": %d}, "resample": 3, "do_rescale": true,
                     "rescale_factor": 0.00392156862745098, "do_normalize": true,
                     "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
                    """.formatted(image, image));
            SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, as, Map.of("format", "pt"));
            Files.writeString(folder.resolve(GenerationConfig.FILE), "{\"eos_token_id\": 2, \"max_new_tokens\": 8}");
            try (InputStream tokenizer = ConfigFile.class.getResourceAsStream("tokenizer.json")) {
                Files.write(folder.resolve("tokenizer.json"), tokenizer.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    String config() {
        return """
                {"model_type": "blip-2", "num_query_tokens": %d,
                 "vision_config": {"image_size": %d, "patch_size": %d, "hidden_act": "gelu", "layer_norm_eps": 1e-6, %s},
                 "qformer_config": {"encoder_hidden_size": %d, "cross_attention_frequency": %d, "hidden_act": "gelu",
                                    "layer_norm_eps": 1e-12, %s},
                 "text_config": %s}
                """.formatted(
                        queries, image, patch, sizes(vision), vision.dim, crossEvery, sizes(qformer), text.config());
    }

    private static String sizes(Tower tower) {
        return "\"num_hidden_layers\": %d, \"hidden_size\": %d, \"num_attention_heads\": %d, \"intermediate_size\": %d"
                .formatted(tower.layers, tower.dim, tower.heads, tower.inner);
    }

    SequencedMap<String, Tensor> tensors() {
        RandomTensors tensors = new RandomTensors(hashCode());
        String embeddings = "vision_model.embeddings.";
        int side = image / patch;
        tensors.add(embeddings + "class_embedding", 0, 1, 1, 1, vision.dim);
        tensors.add(embeddings + "position_embedding", 0, 1, 1, side * side + 1, vision.dim);
        tensors.add(embeddings + "patch_embedding.weight", 0, 1.0 / patch, vision.dim, 3, patch, patch);
        tensors.vector(embeddings + "patch_embedding.bias", vision.dim, 0);
        for (int i = 0; i < vision.layers; i++) {
            String layer = "vision_model.encoder.layers." + i + ".";
            tensors.norm(layer + "layer_norm1", vision.dim);
            tensors.linear(layer + "self_attn.qkv", 3 * vision.dim, vision.dim);
            tensors.linear(layer + "self_attn.projection", vision.dim, vision.dim);
            tensors.norm(layer + "layer_norm2", vision.dim);
            tensors.linear(layer + "mlp.fc1", vision.inner, vision.dim);
            tensors.linear(layer + "mlp.fc2", vision.dim, vision.inner);
        }
        tensors.norm("vision_model.post_layernorm", vision.dim);
        tensors.add("query_tokens", 0, 1, 1, queries, qformer.dim);
        tensors.norm("qformer.layernorm", qformer.dim);
        for (int i = 0; i < qformer.layers; i++) {
            String layer = "qformer.encoder.layer." + i + ".";
            attention(tensors, layer + "attention.", qformer.dim);
            if (i % crossEvery == 0) {
                attention(tensors, layer + "crossattention.", vision.dim);
            }
            tensors.linear(layer + "intermediate_query.dense", qformer.inner, qformer.dim);
            tensors.linear(layer + "output_query.dense", qformer.dim, qformer.inner);
            tensors.norm(layer + "output_query.LayerNorm", qformer.dim);
        }
        tensors.linear("language_projection", text.hidden(), qformer.dim);
        tensors.all().putAll(text.tensors(LANGUAGE_MODEL));
        return tensors.all();
    }

    private void attention(RandomTensors tensors, String name, int attended) {
        tensors.linear(name + "attention.query", qformer.dim, qformer.dim);
        tensors.linear(name + "attention.key", qformer.dim, attended);
        tensors.linear(name + "attention.value", qformer.dim, attended);
        tensors.linear(name + "output.dense", qformer.dim, qformer.dim);
        tensors.norm(name + "output.LayerNorm", qformer.dim);
    }
}
