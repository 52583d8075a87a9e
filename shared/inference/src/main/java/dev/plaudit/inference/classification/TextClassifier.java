package dev.plaudit.inference.classification;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Lifetime;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.NativeLibraries;
import dev.plaudit.inference.TextTokenizer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text classifier: text in, one score per label and the pooled embedding out. Thread-safe: one session serves all
 * threads, and closing waits for the calls in hand.
 *
 * <p>A folder with {@code model.safetensors} (or shards) of a DistilBERT runs on a graph built here, over the weights
 * where they lie. Any other folder needs an exported {@code model.onnx} or {@code onnx/model.onnx} with an output {@code
 * logits}, which runs as it is; its embedding is the output {@code embedding} where it has one. Either way {@code
 * config.json} and {@code tokenizer.json} must lie beside it.
 */
public final class TextClassifier implements AutoCloseable {
    /** Tokens of one run, padding included; beyond, a larger batch is no faster and only takes memory. */
    private static final int TOKENS_PER_RUN = 1024;

    private final TextTokenizer tokenizer;
    private final ClassifierSession session;
    private final List<String> labels;
    private final Lifetime lifetime = new Lifetime("the classifier");

    private TextClassifier(TextTokenizer tokenizer, ClassifierSession session, List<String> labels) {
        this.tokenizer = tokenizer;
        this.session = session;
        this.labels = labels;
    }

    /**
     * Opens a model folder.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static TextClassifier open(Path folder, InferenceOptions options) {
        NativeLibraries.locate();
        ConfigFile config = ConfigFile.read(folder.resolve(ConfigFile.NAME));
        int maxTokens = Math.min(options.maxTokens(), config.positive("max_position_embeddings"));
        TextTokenizer tokenizer = TextTokenizer.open(folder, config.positive("vocab_size"), maxTokens);
        try {
            return new TextClassifier(tokenizer, ClassifierSession.open(folder, config, options), config.labels());
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Classifies texts, which may be any number: they are sorted by length and run in batches of similar length.
     *
     * @return one result per text, in the order of the texts
     * @throws IllegalStateException when this classifier is closed
     */
    public List<TextClass> classify(List<String> texts) {
        return lifetime.during(() -> {
            List<long[]> tokens = tokenizer.encode(texts);
            List<Integer> byLength = IntStream.range(0, tokens.size())
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> tokens.get(i).length))
                    .toList();
            TextClass[] classes = new TextClass[tokens.size()];
            for (int start = 0, end; start < classes.length; start = end) {
                end = endOfRun(tokens, byLength, start);
                List<Integer> run = byLength.subList(start, end);
                List<TextClass> results =
                        session.run(run.stream().map(tokens::get).toList());
                for (int i = 0; i < results.size(); i++) {
                    classes[run.get(i)] = results.get(i);
                }
            }
            return List.of(classes);
        });
    }

    /** The labels' names, in the order of the logits. */
    public List<String> labels() {
        return labels;
    }

    /** Width of the embedding; 0 when an exported graph has none. */
    public int embeddingSize() {
        return session.embeddingSize();
    }

    /** Longest text in tokens, special tokens included; what goes beyond is cut off. */
    public int maxTokens() {
        return tokenizer.maxTokens();
    }

    /** Where the model runs. */
    public String device() {
        return "cpu";
    }

    /** Frees the session, once the calls in hand have ended; calling it again does nothing. */
    @Override
    public void close() {
        lifetime.end(() -> {
            tokenizer.close();
            session.close();
        });
    }

    /** How far the run goes that begins at {@code start}: at least one text, as many as have room. */
    private static int endOfRun(List<long[]> tokens, List<Integer> byLength, int start) {
        int end = start + 1;
        while (end < byLength.size() && (end + 1 - start) * tokens.get(byLength.get(end)).length <= TOKENS_PER_RUN) {
            end++;
        }
        return end;
    }
}
