package dev.plaudit.inference;

import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A checkpoint of any shape with random weights, the same for the same shape. */
public record RandomDistilBert(int dim, int layers, int heads, int hidden, int labels, int vocabulary, int positions) {
    public static final RandomDistilBert SMALL = new RandomDistilBert(32, 2, 4, 64, 7, 102, 64);

    /** A folder as Hugging Face lays it out. */
    public Path write(Path folder, DType as) {
        return write(folder, as, tensors -> {});
    }

    /** A folder whose tensors were changed before they were written. */
    public Path write(Path folder, DType as, Consumer<SequencedMap<String, Tensor>> change) {
        SequencedMap<String, Tensor> tensors = tensors();
        change.accept(tensors);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(ConfigFile.NAME), config());
            SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, as, Map.of("format", "pt"));
            try (InputStream tokenizer = RandomDistilBert.class.getResourceAsStream(TextTokenizer.FILE)) {
                Files.write(folder.resolve(TextTokenizer.FILE), tokenizer.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    public String config() {
        String id2label = IntStream.range(0, labels)
                .mapToObj(i -> "\"" + i + "\": \"label " + i + "\"")
                .collect(Collectors.joining(", "));
        return """
                {"model_type": "distilbert", "activation": "gelu", "dim": %d, "n_layers": %d, "n_heads": %d,
                 "hidden_dim": %d, "vocab_size": %d, "max_position_embeddings": %d, "pad_token_id": 0,
                 "id2label": {%s}}
                """.formatted(dim, layers, heads, hidden, vocabulary, positions, id2label);
    }

    public SequencedMap<String, Tensor> tensors() {
        Random random = new Random(hashCode());
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        String embeddings = "distilbert.embeddings.";
        matrix(tensors, random, embeddings + "word_embeddings.weight", vocabulary, dim);
        matrix(tensors, random, embeddings + "position_embeddings.weight", positions, dim);
        norm(tensors, random, embeddings + "LayerNorm");
        for (int layer = 0; layer < layers; layer++) {
            String block = "distilbert.transformer.layer." + layer + ".";
            for (String projection : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
                linear(tensors, random, block + "attention." + projection, dim, dim);
            }
            norm(tensors, random, block + "sa_layer_norm");
            linear(tensors, random, block + "ffn.lin1", hidden, dim);
            linear(tensors, random, block + "ffn.lin2", dim, hidden);
            norm(tensors, random, block + "output_layer_norm");
        }
        linear(tensors, random, "pre_classifier", dim, dim);
        linear(tensors, random, "classifier", labels, dim);
        return tensors;
    }

    private void linear(SequencedMap<String, Tensor> tensors, Random random, String name, int out, int in) {
        matrix(tensors, random, name + ".weight", out, in);
        vector(tensors, random, name + ".bias", out, 0);
    }

    private void norm(SequencedMap<String, Tensor> tensors, Random random, String name) {
        vector(tensors, random, name + ".weight", dim, 1);
        vector(tensors, random, name + ".bias", dim, 0);
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
