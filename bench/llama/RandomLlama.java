import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.TensorStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Llama with random weights, as a checkpoint folder. */
record RandomLlama(int layers, int hidden, int inner, int heads, int keyValueHeads, int vocabulary, int positions) {
    /** The shape of TinyLlama 1.1B. */
    static final RandomLlama OF_1B = new RandomLlama(22, 2048, 5632, 32, 4, 32000, 2048);

    /** Enough to see that the benchmark runs. */
    static final RandomLlama SMALL = new RandomLlama(4, 256, 704, 8, 2, 32000, 2048);

    private static final int CHUNK = 1 << 20;

    int head() {
        return hidden / heads;
    }

    /** Every tensor's shape, by Hugging Face's names. */
    SequencedMap<String, long[]> shapes() {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {vocabulary, hidden});
        for (int layer = 0; layer < layers; layer++) {
            String block = "model.layers." + layer + ".";
            shapes.put(block + "input_layernorm.weight", new long[] {hidden});
            shapes.put(block + "self_attn.q_proj.weight", new long[] {hidden, hidden});
            shapes.put(block + "self_attn.k_proj.weight", new long[] {keyValueHeads * head(), hidden});
            shapes.put(block + "self_attn.v_proj.weight", new long[] {keyValueHeads * head(), hidden});
            shapes.put(block + "self_attn.o_proj.weight", new long[] {hidden, hidden});
            shapes.put(block + "post_attention_layernorm.weight", new long[] {hidden});
            shapes.put(block + "mlp.gate_proj.weight", new long[] {inner, hidden});
            shapes.put(block + "mlp.up_proj.weight", new long[] {inner, hidden});
            shapes.put(block + "mlp.down_proj.weight", new long[] {hidden, inner});
        }
        shapes.put("model.norm.weight", new long[] {hidden});
        shapes.put("lm_head.weight", new long[] {vocabulary, hidden});
        return shapes;
    }

    /** Weights that every token is multiplied with: of the embeddings it takes one row only. */
    long productWeights() {
        return shapes().entrySet().stream()
                .filter(tensor -> tensor.getValue().length == 2 && !tensor.getKey().contains("embed"))
                .mapToLong(tensor -> tensor.getValue()[0] * tensor.getValue()[1])
                .sum();
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        SequencedMap<String, TensorStream> tensors = new LinkedHashMap<>();
        shapes().forEach((name, shape) -> tensors.put(
                name, new TensorStream(DType.BF16, shape, sink -> random(name, shape, sink))));
        SafeTensorsWriter.writeStreams(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
                 "max_position_embeddings": %d, "rms_norm_eps": 1e-5}
                """.formatted(vocabulary, hidden, inner, layers, heads, keyValueHeads, positions));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": null, "decoder": null, "model": {"type": "WordLevel", "unk_token": "w0", "vocab": {%s}}}
                """.formatted(IntStream.range(0, vocabulary)
                .mapToObj(i -> "\"w" + i + "\": " + i)
                .collect(Collectors.joining(", "))));
    }

    /** Uniform, scaled so that a product keeps the size of what goes in; the weights of norms are about one. */
    private static void random(String name, long[] shape, TensorStream.Sink sink) throws IOException {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        long count = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        double size = shape.length == 1 ? 0.1 : Math.sqrt(3.0 / shape[1]);
        double mean = shape.length == 1 ? 1 : 0;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            float value = (float) (mean + size * (random.nextDouble() * 2 - 1));
            chunk.putShort((short) (Float.floatToIntBits(value) >>> 16));
            if (!chunk.hasRemaining() || i == count - 1) {
                sink.write(MemorySegment.ofBuffer(chunk.flip()));
                chunk.clear();
            }
        }
    }
}
