package dev.plaudit.training.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of a {@code DistilBertForSequenceClassification} (Sanh et al. 2019), as in {@code config.json}.
 *
 * @param vocabulary number of tokens
 * @param dim width of the hidden states
 * @param layers number of transformer layers
 * @param heads attention heads; must divide {@code dim}
 * @param hiddenDim width inside the feed-forward part
 * @param positions the most tokens a text may have; longer ones are cut
 * @param dropout in the embeddings and the feed-forward parts, 0 to below 1
 * @param attentionDropout in the attention probabilities
 * @param classifierDropout before the classifier
 * @param labels names of the classes, in the order of the logits
 */
public record DistilBertShape(
        int vocabulary,
        int dim,
        int layers,
        int heads,
        int hiddenDim,
        int positions,
        double dropout,
        double attentionDropout,
        double classifierDropout,
        List<String> labels) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public DistilBertShape {
        labels = List.copyOf(labels);
        if (vocabulary < 1 || dim < 1 || layers < 1 || heads < 1 || hiddenDim < 1 || positions < 2) {
            throw new IllegalArgumentException("Every size of a DistilBERT must be positive.");
        }
        if (dim % heads != 0) {
            throw new IllegalArgumentException("dim " + dim + " cannot be shared by " + heads + " heads.");
        }
        if (labels.size() < 2) {
            throw new IllegalArgumentException("A classifier needs at least two labels.");
        }
    }

    /**
     * Reads {@code config.json} of a checkpoint that is to be trained on.
     *
     * @param labels the classes to train, in place of the checkpoint's
     * @throws IllegalArgumentException if the folder holds another architecture
     */
    public static DistilBertShape read(Path folder, List<String> labels) throws IOException {
        JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
        if (!"distilbert".equals(config.path("model_type").asText())) {
            throw new IllegalArgumentException(folder + " holds no DistilBERT but a model of type "
                    + config.path("model_type").asText("unknown") + ".");
        }
        return new DistilBertShape(
                config.path("vocab_size").asInt(30522),
                config.path("dim").asInt(768),
                config.path("n_layers").asInt(6),
                config.path("n_heads").asInt(12),
                config.path("hidden_dim").asInt(3072),
                config.path("max_position_embeddings").asInt(512),
                config.path("dropout").asDouble(0.1),
                config.path("attention_dropout").asDouble(0.1),
                config.path("seq_classif_dropout").asDouble(0.2),
                labels);
    }

    /** Writes {@code config.json} with Hugging Face's names. */
    void write(Path folder) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.put("activation", "gelu");
        config.putArray("architectures").add("DistilBertForSequenceClassification");
        config.put("attention_dropout", attentionDropout);
        config.put("dim", dim);
        config.put("dropout", dropout);
        config.put("hidden_dim", hiddenDim);
        ObjectNode idToLabel = config.putObject("id2label");
        ObjectNode labelToId = config.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            idToLabel.put(Integer.toString(i), labels.get(i));
            labelToId.put(labels.get(i), i);
        }
        config.put("initializer_range", DistilBertWeights.INITIALIZER_RANGE);
        config.put("max_position_embeddings", positions);
        config.put("model_type", "distilbert");
        config.put("n_heads", heads);
        config.put("n_layers", layers);
        config.put("pad_token_id", 0);
        config.put("problem_type", "single_label_classification");
        config.put("seq_classif_dropout", classifierDropout);
        config.put("sinusoidal_pos_embds", false);
        config.put("tie_weights_", true);
        config.put("vocab_size", vocabulary);
        Files.writeString(
                folder.resolve("config.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
    }

    /** Hugging Face's name and shape of every weight, in the order in which the kernels take them. */
    List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        String embeddings = "distilbert.embeddings.";
        weights.add(new Weight(embeddings + "word_embeddings.weight", vocabulary, dim));
        weights.add(new Weight(embeddings + "position_embeddings.weight", positions, dim));
        norm(weights, embeddings + "LayerNorm");
        for (int i = 0; i < layers; i++) {
            String layer = "distilbert.transformer.layer." + i + ".";
            for (String projection : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
                linear(weights, layer + "attention." + projection, dim, dim);
            }
            norm(weights, layer + "sa_layer_norm");
            linear(weights, layer + "ffn.lin1", hiddenDim, dim);
            linear(weights, layer + "ffn.lin2", dim, hiddenDim);
            norm(weights, layer + "output_layer_norm");
        }
        linear(weights, "pre_classifier", dim, dim);
        linear(weights, "classifier", labels.size(), dim);
        return weights;
    }

    private static void linear(List<Weight> weights, String name, long out, long in) {
        weights.add(new Weight(name + ".weight", out, in));
        weights.add(new Weight(name + ".bias", out));
    }

    private void norm(List<Weight> weights, String name) {
        weights.add(new Weight(name + ".weight", dim));
        weights.add(new Weight(name + ".bias", dim));
    }

    /** One weight by Hugging Face's name. */
    record Weight(String name, long... shape) {

        boolean isEmbedding() {
            return name.contains("_embeddings.");
        }

        boolean isMatrix() {
            return shape.length == 2;
        }

        /** A classifier that answers other questions than the checkpoint's starts anew. */
        boolean isHead() {
            return name.contains("classifier.");
        }

        int size() {
            long size = 1;
            for (long extent : shape) {
                size = Math.multiplyExact(size, extent);
            }
            return Math.toIntExact(size);
        }
    }
}
