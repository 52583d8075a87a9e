package dev.plaudit.inference.llama;

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
import java.util.function.Consumer;

/**
 * A Llama of any shape with random weights, the same for the same shape.
 *
 * @param scaling the field {@code rope_scaling} as JSON
 */
record RandomLlama(
        int vocabulary,
        int hidden,
        int inner,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        boolean tied,
        boolean attentionBias,
        boolean mlpBias,
        double theta,
        String scaling) {
    static final String LLAMA3 = """
            {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 16}""";

    static final RandomLlama SMALL = of(4, 2);
    static final int POSITIONS = 96;

    /** Untied, without biases or scaling. */
    static RandomLlama of(int heads, int keyValueHeads) {
        return new RandomLlama(300, heads * 16, 96, 2, heads, keyValueHeads, 16, false, false, false, 10_000, "null");
    }

    /** A folder as Hugging Face lays it out, without tokenizer. */
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
            SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, as, Map.of("format", "pt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    String config() {
        return """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "vocab_size": %d,
                 "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "head_dim": %d, "tie_word_embeddings": %b, "attention_bias": %b,
                 "mlp_bias": %b, "rope_theta": %s, "rope_scaling": %s, "rms_norm_eps": 1e-5,
                 "max_position_embeddings": %d, "bos_token_id": 1, "eos_token_id": 2}
                """.formatted(
                        vocabulary,
                        hidden,
                        inner,
                        layers,
                        heads,
                        keyValueHeads,
                        headDim,
                        tied,
                        attentionBias,
                        mlpBias,
                        theta,
                        scaling,
                        POSITIONS);
    }

    SequencedMap<String, Tensor> tensors() {
        Random random = new Random(hashCode());
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(LlamaGraph.EMBEDDINGS, gaussian(random, 0, 1, vocabulary, hidden));
        for (int layer = 0; layer < layers; layer++) {
            String block = "model.layers." + layer + ".";
            norm(tensors, random, block + "input_layernorm");
            linear(tensors, random, block + "self_attn.q_proj", heads * headDim, hidden, attentionBias);
            linear(tensors, random, block + "self_attn.k_proj", keyValueHeads * headDim, hidden, attentionBias);
            linear(tensors, random, block + "self_attn.v_proj", keyValueHeads * headDim, hidden, attentionBias);
            linear(tensors, random, block + "self_attn.o_proj", hidden, heads * headDim, attentionBias);
            norm(tensors, random, block + "post_attention_layernorm");
            linear(tensors, random, block + "mlp.gate_proj", inner, hidden, mlpBias);
            linear(tensors, random, block + "mlp.up_proj", inner, hidden, mlpBias);
            linear(tensors, random, block + "mlp.down_proj", hidden, inner, mlpBias);
        }
        norm(tensors, random, "model.norm");
        if (!tied) {
            linear(tensors, random, "lm_head", vocabulary, hidden, false);
        }
        return tensors;
    }

    private void norm(SequencedMap<String, Tensor> tensors, Random random, String name) {
        tensors.put(name + ".weight", gaussian(random, 1, 0.1, hidden));
    }

    private static void linear(
            SequencedMap<String, Tensor> tensors, Random random, String name, int out, int in, boolean bias) {
        tensors.put(name + ".weight", gaussian(random, 0, 1 / Math.sqrt(in), out, in));
        if (bias) {
            tensors.put(name + ".bias", gaussian(random, 0, 0.3, out));
        }
    }

    static Tensor gaussian(Random random, double mean, double deviation, long... shape) {
        int count = 1;
        for (long extent : shape) {
            count *= (int) extent;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian(mean, deviation);
        }
        return new Tensor(shape, values);
    }
}
