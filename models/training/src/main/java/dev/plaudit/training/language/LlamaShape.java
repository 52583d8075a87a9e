package dev.plaudit.training.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.llama.Rope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of a {@code LlamaForCausalLM} (Touvron et al. 2023, "LLaMA"), as in {@code config.json}.
 *
 * @param vocabulary number of tokens
 * @param dim width
 * @param layers how many
 * @param heads of the attention
 * @param keyValueHeads heads that keys and values have; must divide {@code heads} (Ainslie et al. 2023, "GQA")
 * @param headDim width of a head; even
 * @param inner width inside the feed-forward part
 * @param positions the longest sequence
 * @param ropeTheta base of the wavelengths of rotary positions
 * @param scaling how Llama 3 stretches them; empty where it does not
 * @param epsilon of the root mean square norms
 * @param tied whether the output layer is the embedding
 * @param tokens what starts and ends a sequence, and what pads
 */
public record LlamaShape(
        int vocabulary,
        int dim,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int inner,
        int positions,
        double ropeTheta,
        Optional<RopeScaling> scaling,
        double epsilon,
        boolean tied,
        Tokens tokens) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Special tokens by their ids. */
    public record Tokens(int start, int end, int padding) {}

    /** Llama 3's {@code rope_scaling}: long waves are stretched by {@code factor}, short ones kept, others in between. */
    public record RopeScaling(double factor, double lowFrequency, double highFrequency, int originalPositions) {
        double scaled(double frequency) {
            double turns = originalPositions * frequency / (2 * Math.PI);
            double smooth = Math.clamp((turns - lowFrequency) / (highFrequency - lowFrequency), 0, 1);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
    }

    public LlamaShape {
        if (vocabulary < 1 || dim < 1 || layers < 1 || heads < 1 || keyValueHeads < 1 || inner < 1 || positions < 2) {
            throw new IllegalArgumentException("Every size of a Llama must be positive.");
        }
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    keyValueHeads + " heads of keys and values cannot be shared by " + heads + " heads.");
        }
        if (headDim < 2 || headDim % 2 != 0) {
            throw new IllegalArgumentException("The width of a head must be even, was " + headDim + ".");
        }
    }

    /**
     * A small shape: tied, heads of 64 or as wide as the model, inner part 8/3 as wide as the model.
     *
     * @param dim a multiple of 64, or below 64
     */
    public static LlamaShape small(int vocabulary, int dim, int layers, int positions, Tokens tokens) {
        int headDim = Math.min(64, dim);
        if (dim % headDim != 0) {
            throw new IllegalArgumentException("The width must be a multiple of 64, was " + dim + ".");
        }
        int heads = dim / headDim;
        int inner = Math.ceilDiv(8 * dim / 3, 32) * 32;
        return new LlamaShape(
                vocabulary,
                dim,
                layers,
                heads,
                heads % 2 == 0 ? heads / 2 : heads,
                headDim,
                inner,
                positions,
                10_000,
                Optional.empty(),
                1e-5,
                true,
                tokens);
    }

    /** This shape with room for sequences of so many tokens; rotary positions need no weights to reach further. */
    public LlamaShape reaching(int tokens) {
        return new LlamaShape(
                vocabulary,
                dim,
                layers,
                heads,
                keyValueHeads,
                headDim,
                inner,
                Math.max(positions, tokens),
                ropeTheta,
                scaling,
                epsilon,
                tied,
                this.tokens);
    }

    /**
     * Reads {@code config.json}.
     *
     * @throws IllegalArgumentException if the folder holds another architecture, or one with what training does not know
     * @throws dev.plaudit.inference.ModelException if its rotary positions are none that serving knows either
     */
    public static LlamaShape read(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        JsonNode config = JSON.readTree(file.toFile());
        String type = config.path("model_type").asText("unknown");
        if (!type.equals("llama")) {
            throw new IllegalArgumentException(folder + " holds no Llama but a model of type " + type + ".");
        }
        for (String bias : List.of("attention_bias", "mlp_bias")) {
            if (config.path(bias).asBoolean(false)) {
                throw new IllegalArgumentException(
                        folder + " has " + bias + ", which training does not know; serving does.");
            }
        }
        int dim = config.path("hidden_size").asInt();
        int heads = config.path("num_attention_heads").asInt();
        int end = config.path("eos_token_id").isArray()
                ? config.path("eos_token_id").get(0).asInt()
                : config.path("eos_token_id").asInt(2);
        Rope rope = Rope.of(new ConfigFile(file, config));
        return new LlamaShape(
                config.path("vocab_size").asInt(),
                dim,
                config.path("num_hidden_layers").asInt(),
                heads,
                config.path("num_key_value_heads").asInt(heads),
                config.path("head_dim").asInt(dim / Math.max(1, heads)),
                config.path("intermediate_size").asInt(),
                config.path("max_position_embeddings").asInt(2048),
                rope.theta(),
                scaling(rope, folder),
                config.path("rms_norm_eps").asDouble(1e-6),
                config.path("tie_word_embeddings").asBoolean(false),
                new Tokens(
                        config.path("bos_token_id").asInt(1),
                        end,
                        config.path("pad_token_id").asInt(end)));
    }

    private static Optional<RopeScaling> scaling(Rope rope, Path folder) {
        return switch (rope.scaling()) {
            case Rope.None _ -> Optional.empty();
            case Rope.Llama3(double factor, double low, double high, int positions) ->
                Optional.of(new RopeScaling(factor, low, high, positions));
            case Rope.Linear _ ->
                throw new IllegalArgumentException(
                        folder + " has rope_scaling of type linear, which training does not know; serving does.");
        };
    }

    /** One weight by Hugging Face's name. */
    record Weight(String name, long... shape) {
        boolean isMatrix() {
            return shape.length > 1;
        }

        /** The last part of the layer's name, as in {@code q_proj}: what a PEFT configuration calls a module. */
        String module() {
            String[] parts = name.split("\\.");
            return parts[parts.length - 2];
        }

        int size() {
            long size = 1;
            for (long extent : shape) {
                size = Math.multiplyExact(size, extent);
            }
            return Math.toIntExact(size);
        }
    }

    /** Hugging Face's name and shape of every weight, in the order in which the kernels take them. */
    List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        long queries = (long) heads * headDim;
        long shared = (long) keyValueHeads * headDim;
        weights.add(new Weight("model.embed_tokens.weight", vocabulary, dim));
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            weights.add(new Weight(layer + "input_layernorm.weight", dim));
            weights.add(new Weight(layer + "self_attn.q_proj.weight", queries, dim));
            weights.add(new Weight(layer + "self_attn.k_proj.weight", shared, dim));
            weights.add(new Weight(layer + "self_attn.v_proj.weight", shared, dim));
            weights.add(new Weight(layer + "self_attn.o_proj.weight", dim, queries));
            weights.add(new Weight(layer + "post_attention_layernorm.weight", dim));
            weights.add(new Weight(layer + "mlp.gate_proj.weight", inner, dim));
            weights.add(new Weight(layer + "mlp.up_proj.weight", inner, dim));
            weights.add(new Weight(layer + "mlp.down_proj.weight", dim, inner));
        }
        weights.add(new Weight("model.norm.weight", dim));
        if (!tied) {
            weights.add(new Weight("lm_head.weight", vocabulary, dim));
        }
        return weights;
    }

    /** Number of weights. */
    public long parameters() {
        return weights().stream().mapToLong(Weight::size).sum();
    }

    /**
     * Cosines, then sines, of every position and pair of numbers, each twice, as Hugging Face lays them out.
     *
     * @return 2 x {@code length} x {@link #headDim}
     */
    float[] rotations(int length) {
        float[] rotations = new float[2 * length * headDim];
        int half = headDim / 2;
        for (int i = 0; i < half; i++) {
            double plain = Math.pow(ropeTheta, -2.0 * i / headDim);
            double frequency = scaling.map(s -> s.scaled(plain)).orElse(plain);
            for (int position = 0; position < length; position++) {
                int at = position * headDim + i;
                rotations[at] = rotations[at + half] = (float) Math.cos(position * frequency);
                at += length * headDim;
                rotations[at] = rotations[at + half] = (float) Math.sin(position * frequency);
            }
        }
        return rotations;
    }

    /** What the kernels must know beside the weights. */
    long[] kernelShape() {
        return new long[] {layers, heads, keyValueHeads};
    }

    /** Writes {@code config.json} of half-precision weights. */
    void write(Path folder) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama").put("hidden_act", "silu").put("torch_dtype", "float16");
        config.put("vocab_size", vocabulary).put("hidden_size", dim).put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads).put("num_key_value_heads", keyValueHeads);
        config.put("head_dim", headDim).put("intermediate_size", inner).put("max_position_embeddings", positions);
        config.put("rope_theta", ropeTheta).put("rms_norm_eps", epsilon).put("tie_word_embeddings", tied);
        config.put("attention_bias", false).put("mlp_bias", false).put("attention_dropout", 0.0);
        config.put("initializer_range", LlamaWeights.INITIALIZER_RANGE).put("use_cache", true);
        config.put("bos_token_id", tokens.start()).put("eos_token_id", tokens.end());
        config.put("pad_token_id", tokens.padding());
        scaling.ifPresentOrElse(
                llama3 -> config.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama3.factor())
                        .put("low_freq_factor", llama3.lowFrequency())
                        .put("high_freq_factor", llama3.highFrequency())
                        .put("original_max_position_embeddings", llama3.originalPositions()),
                () -> config.putNull("rope_scaling"));
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
    }
}
