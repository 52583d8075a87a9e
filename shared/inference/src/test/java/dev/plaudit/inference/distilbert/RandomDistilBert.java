package dev.plaudit.inference.distilbert;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.RandomTensors;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
            try (InputStream tokenizer = TextTokenizer.class.getResourceAsStream(TextTokenizer.FILE)) {
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
        RandomTensors tensors = new RandomTensors(hashCode());
        String embeddings = "distilbert.embeddings.";
        tensors.matrix(embeddings + "word_embeddings.weight", vocabulary, dim);
        tensors.matrix(embeddings + "position_embeddings.weight", positions, dim);
        tensors.norm(embeddings + "LayerNorm", dim);
        for (int layer = 0; layer < layers; layer++) {
            String block = "distilbert.transformer.layer." + layer + ".";
            for (String projection : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
                tensors.linear(block + "attention." + projection, dim, dim);
            }
            tensors.norm(block + "sa_layer_norm", dim);
            tensors.linear(block + "ffn.lin1", hidden, dim);
            tensors.linear(block + "ffn.lin2", dim, hidden);
            tensors.norm(block + "output_layer_norm", dim);
        }
        tensors.linear("pre_classifier", dim, dim);
        tensors.linear("classifier", labels, dim);
        return tensors.all();
    }
}
