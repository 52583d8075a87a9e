package dev.plaudit.inference.opt;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.RandomTensors;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        RandomTensors tensors = new RandomTensors(hashCode());
        String decoder = prefix + "model.decoder.";
        tensors.matrix(decoder + "embed_tokens.weight", vocabulary, hidden);
        tensors.matrix(decoder + "embed_positions.weight", positions + OptGraph.POSITION_OFFSET, hidden);
        for (int layer = 0; layer < layers; layer++) {
            String block = decoder + "layers." + layer + ".";
            tensors.norm(block + "self_attn_layer_norm", hidden);
            for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                tensors.linear(block + "self_attn." + projection, hidden, hidden);
            }
            tensors.norm(block + "final_layer_norm", hidden);
            tensors.linear(block + "fc1", ffn, hidden);
            tensors.linear(block + "fc2", hidden, ffn);
        }
        tensors.norm(decoder + "final_layer_norm", hidden);
        return tensors.all();
    }
}
