package dev.plaudit.inference.distilbert;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;

/**
 * The shape of a {@code DistilBertForSequenceClassification}, by the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize number of token embeddings
 * @param maxPositionEmbeddings longest sequence in tokens
 * @param dim width of a hidden state; a multiple of {@code nHeads}
 * @param nLayers number of transformer blocks
 * @param nHeads attention heads of a block
 * @param hiddenDim width of the feed-forward network's inner layer
 * @param numLabels classes
 */
public record DistilBertConfig(
        int vocabSize, int maxPositionEmbeddings, int dim, int nLayers, int nHeads, int hiddenDim, int numLabels) {
    /** The {@code model_type} of this architecture. */
    public static final String MODEL_TYPE = "distilbert";

    /** @throws ModelException when a field is missing or out of range, or asks for what is not built here */
    public static DistilBertConfig of(ConfigFile file) {
        String activation = file.text("activation", "gelu");
        if (!activation.equals("gelu")) {
            throw new ModelException(file.path() + ": activation " + activation + " is not supported, only gelu is");
        }
        DistilBertConfig config = new DistilBertConfig(
                file.positive("vocab_size"),
                file.positive("max_position_embeddings"),
                file.positive("dim"),
                file.positive("n_layers"),
                file.positive("n_heads"),
                file.positive("hidden_dim"),
                file.labels().size());
        if (config.dim % config.nHeads != 0) {
            throw new ModelException(
                    file.path() + ": dim " + config.dim + " is no multiple of n_heads " + config.nHeads);
        }
        return config;
    }
}
