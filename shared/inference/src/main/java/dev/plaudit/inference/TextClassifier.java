package dev.plaudit.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.distilbert.DistilBertConfig;
import dev.plaudit.inference.distilbert.DistilBertGraph;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A text classifier: text in, one score per label and the pooled embedding out. One session serves all threads; closing
 * waits for the calls in hand.
 *
 * <p>A folder with {@code model.safetensors} (or shards) of a DistilBERT runs on a graph built here, over the weights
 * where they lie. Any other folder needs an exported {@code model.onnx} or {@code onnx/model.onnx} with an output {@code
 * logits}, which runs as it is; its embedding is the output {@code embedding} where it has one. Either way {@code
 * config.json} and {@code tokenizer.json} must lie beside it.
 */
public final class TextClassifier implements AutoCloseable {
    private static final String LOGITS = "logits";
    private static final String EMBEDDING = "embedding";
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final List<String> INPUTS = List.of(IDS, MASK, "token_type_ids");
    private static final List<String> EXPORTS = List.of("model.onnx", "onnx/model.onnx");

    /** Tokens of one run, padding included; beyond, a larger batch is no faster and only takes memory. */
    private static final int TOKENS_PER_RUN = 2048;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final TextTokenizer tokenizer;
    private final List<String> labels;
    private final int padTokenId;
    private final int embeddingSize;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private TextClassifier(OrtEnvironment environment, OrtSession session, TextTokenizer tokenizer, ConfigFile config)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        this.labels = config.labels();
        this.padTokenId = config.natural("pad_token_id", 0);
        this.embeddingSize = session.getOutputNames().contains(EMBEDDING) ? width(EMBEDDING) : 0;
        if (!session.getOutputNames().contains(LOGITS) || width(LOGITS) != labels.size()) {
            throw new ModelException(config.path() + " names " + labels.size() + " labels, but the graph has no output "
                    + LOGITS + " of that width");
        }
    }

    /**
     * Opens a model folder.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static TextClassifier open(Path folder, InferenceOptions options) {
        ConfigFile config = ConfigFile.read(folder.resolve(ConfigFile.NAME));
        NativeLibraries.locate();
        int maxTokens = Math.min(options.maxTokens(), config.positive("max_position_embeddings"));
        TextTokenizer tokenizer = TextTokenizer.open(folder, config.positive("vocab_size"), maxTokens);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = null;
        try {
            session = session(environment, folder, config, options);
            return new TextClassifier(environment, session, tokenizer, config);
        } catch (OrtException | RuntimeException e) {
            tokenizer.close();
            close(session);
            throw e instanceof ModelException known
                    ? known
                    : new ModelException(folder + " holds a model that ONNX Runtime refuses: " + e.getMessage(), e);
        }
    }

    private static OrtSession session(
            OrtEnvironment environment, Path folder, ConfigFile config, InferenceOptions options) throws OrtException {
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setIntraOpNumThreads(options.threads());
            session.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
            boolean weights =
                    Stream.of(SafeTensors.FILE, SafeTensors.INDEX).anyMatch(file -> Files.exists(folder.resolve(file)));
            if (weights && config.text("model_type", "").equals(DistilBertConfig.MODEL_TYPE)) {
                try (SafeTensors checkpoint = SafeTensors.open(folder);
                        Arena memory = Arena.ofConfined()) {
                    return DistilBertGraph.of(DistilBertConfig.of(config), checkpoint, options.precision(), memory)
                            .open(environment, session);
                }
            }
            Optional<Path> export =
                    EXPORTS.stream().map(folder::resolve).filter(Files::exists).findFirst();
            if (export.isPresent()) {
                return environment.createSession(export.get().toString(), session);
            }
            throw new ModelException(folder + " holds neither the weights of a DistilBERT nor an exported "
                    + String.join(" or ", EXPORTS));
        }
    }

    /**
     * Classifies texts, which may be any number: they are sorted by length and run in batches of similar length.
     *
     * @return one result per text, in the order of the texts
     * @throws IllegalStateException when this classifier is closed
     */
    public List<TextClass> classify(List<String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the classifier is closed");
            }
            List<long[]> ids = tokenizer.encode(texts);
            int[] byLength = IntStream.range(0, ids.size())
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> ids.get(i).length))
                    .mapToInt(Integer::intValue)
                    .toArray();
            TextClass[] classes = new TextClass[ids.size()];
            for (int start = 0, end; start < byLength.length; start = end) {
                end = endOfRun(ids, byLength, start);
                run(ids, Arrays.copyOfRange(byLength, start, end), classes);
            }
            return List.of(classes);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            life.readLock().unlock();
        }
    }

    /** The labels' names, in the order of the logits. */
    public List<String> labels() {
        return labels;
    }

    /** Width of the embedding; 0 when an exported graph has none. */
    public int embeddingSize() {
        return embeddingSize;
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
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
                close(session);
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    private static int endOfRun(List<long[]> ids, int[] byLength, int start) {
        int end = start + 1;
        while (end < byLength.length && (end + 1 - start) * ids.get(byLength[end]).length <= TOKENS_PER_RUN) {
            end++;
        }
        return end;
    }

    private void run(List<long[]> ids, int[] texts, TextClass[] classes) throws OrtException {
        int length = Math.max(1, ids.get(texts[texts.length - 1]).length);
        long[] inputIds = new long[texts.length * length];
        long[] attentionMask = new long[inputIds.length];
        Arrays.fill(inputIds, padTokenId);
        for (int row = 0; row < texts.length; row++) {
            long[] tokens = ids.get(texts[row]);
            System.arraycopy(tokens, 0, inputIds, row * length, tokens.length);
            Arrays.fill(attentionMask, row * length, row * length + tokens.length, 1);
        }
        long[] shape = {texts.length, length};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String name : session.getInputNames()) {
                long[] values =
                        switch (name) {
                            case IDS -> inputIds;
                            case MASK -> attentionMask;
                            default -> new long[inputIds.length];
                        };
                inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer logits = floats(result, LOGITS);
                FloatBuffer embeddings = embeddingSize == 0 ? FloatBuffer.allocate(0) : floats(result, EMBEDDING);
                for (int text : texts) {
                    classes[text] = TextClass.of(next(logits, labels.size()), next(embeddings, embeddingSize));
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static FloatBuffer floats(OrtSession.Result result, String output) {
        return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
    }

    private static float[] next(FloatBuffer buffer, int count) {
        float[] values = new float[count];
        buffer.get(values);
        return values;
    }

    private int width(String output) throws OrtException {
        long[] shape =
                ((ai.onnxruntime.TensorInfo) session.getOutputInfo().get(output).getInfo()).getShape();
        return (int) shape[shape.length - 1];
    }

    private static void close(OrtSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
