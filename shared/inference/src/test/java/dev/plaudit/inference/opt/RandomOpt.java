package dev.plaudit.inference.opt;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** An OPT checkpoint of any shape with random weights, the same for the same shape. */
public record RandomOpt(int hidden, int layers, int heads, int ffn, int vocabulary, int positions) {
    public static final RandomOpt SMALL = new RandomOpt(32, 2, 4, 64, 50, 64);

    /** A folder as Hugging Face lays it out. */
    public Path write(Path folder, DType as) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(ConfigFile.NAME), config());
            SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors(""), as, Map.of("format", "pt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** The {@code config.json}, or the {@code text_config} of a larger model. */
    public String config() {
        return """
                {"model_type": "opt", "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d, "ffn_dim": %d,
                 "vocab_size": %d, "max_position_embeddings": %d, "word_embed_proj_dim": %d, "bos_token_id": 2,
                 "eos_token_id": 2, "pad_token_id": 1, "activation_function": "relu", "do_layer_norm_before": true}
                """.formatted(hidden, layers, heads, ffn, vocabulary, positions, hidden);
    }

    /** @param prefix of the names: empty, or {@code language_model.} in a larger model */
    public SequencedMap<String, Tensor> tensors(String prefix) {
        Random random = new Random(hashCode());
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        String decoder = prefix + "model.decoder.";
        matrix(tensors, random, decoder + "embed_tokens.weight", vocabulary, hidden);
        matrix(tensors, random, decoder + "embed_positions.weight", positions + OptGraph.POSITION_OFFSET, hidden);
        for (int layer = 0; layer < layers; layer++) {
            String block = decoder + "layers." + layer + ".";
            norm(tensors, random, block + "self_attn_layer_norm");
            for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                linear(tensors, random, block + "self_attn." + projection, hidden, hidden);
            }
            norm(tensors, random, block + "final_layer_norm");
            linear(tensors, random, block + "fc1", ffn, hidden);
            linear(tensors, random, block + "fc2", hidden, ffn);
        }
        norm(tensors, random, decoder + "final_layer_norm");
        return tensors;
    }

    private static void linear(SequencedMap<String, Tensor> tensors, Random random, String name, int out, int in) {
        matrix(tensors, random, name + ".weight", out, in);
        vector(tensors, random, name + ".bias", out, 0);
    }

    private void norm(SequencedMap<String, Tensor> tensors, Random random, String name) {
        vector(tensors, random, name + ".weight", hidden, 1);
        vector(tensors, random, name + ".bias", hidden, 0);
    }

    /** Scaled so that a product keeps the size of what goes in. */
    private static void matrix(SequencedMap<String, Tensor> tensors, Random random, String name, int out, int in) {
        tensors.put(name, new Tensor(new long[] {out, in}, values(random, out * in, 0, 1 / Math.sqrt(in))));
    }

    private static void vector(
            SequencedMap<String, Tensor> tensors, Random random, String name, int size, double mean) {
        tensors.put(name, new Tensor(new long[] {size}, values(random, size, mean, 0.1)));
    }

    private static float[] values(Random random, int count, double mean, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian(mean, deviation);
        }
        return values;
    }
}
