package dev.plaudit.inference.classification;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.distilbert.DistilBertConfig;
import dev.plaudit.inference.distilbert.DistilBertGraph;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A classifier's graph on ONNX Runtime: tokens in, classes out. Thread-safe. */
final class ClassifierSession implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final List<String> INPUTS = List.of(IDS, MASK, "token_type_ids");
    private static final String LOGITS = "logits";
    private static final String EMBEDDING = "embedding";
    private static final List<String> EXPORTS = List.of("model.onnx", "onnx/model.onnx");

    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final OrtSession session;
    private final int padTokenId;
    private final int labels;
    private final int embeddingSize;

    private ClassifierSession(Path folder, ConfigFile config, InferenceOptions options) throws OrtException {
        padTokenId = config.natural("pad_token_id", 0);
        labels = config.labels().size();
        session = session(folder, config, options);
        try {
            requireInputs(folder);
            embeddingSize = width(EMBEDDING);
            if (width(LOGITS) != labels) {
                throw new ModelException(config.path() + " names " + labels + " labels, but the graph has no output "
                        + LOGITS + " of that width");
            }
            if (embeddingSize < 0) {
                throw new ModelException(
                        folder + " holds a graph whose output " + EMBEDDING + " leaves its width open");
            }
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** @throws ModelException when the folder cannot be used */
    static ClassifierSession open(Path folder, ConfigFile config, InferenceOptions options) {
        try {
            return new ClassifierSession(folder, config, options);
        } catch (OrtException e) {
            throw new ModelException(folder + " holds a model that ONNX Runtime refuses: " + e.getMessage(), e);
        }
    }

    /** Classifies texts given as tokens, all in one run, padded to the longest. */
    List<TextClass> run(List<long[]> texts) {
        int length = Math.max(
                1, texts.stream().mapToInt(tokens -> tokens.length).max().orElse(0));
        long[] ids = new long[texts.size() * length];
        long[] mask = new long[ids.length];
        Arrays.fill(ids, padTokenId);
        for (int row = 0; row < texts.size(); row++) {
            long[] tokens = texts.get(row);
            System.arraycopy(tokens, 0, ids, row * length, tokens.length);
            Arrays.fill(mask, row * length, row * length + tokens.length, 1);
        }
        long[] shape = {texts.size(), length};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String name : session.getInputNames()) {
                LongBuffer values = LongBuffer.wrap(
                        switch (name) {
                            case IDS -> ids;
                            case MASK -> mask;
                            default -> new long[ids.length];
                        });
                inputs.put(name, OnnxTensor.createTensor(environment, values, shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer logits = floats(result, LOGITS);
                FloatBuffer embeddings = embeddingSize == 0 ? FloatBuffer.allocate(0) : floats(result, EMBEDDING);
                List<TextClass> classes = new ArrayList<>();
                for (int row = 0; row < texts.size(); row++) {
                    classes.add(TextClass.of(next(logits, labels), next(embeddings, embeddingSize)));
                }
                return classes;
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Width of the embedding; 0 when the graph has none. */
    int embeddingSize() {
        return embeddingSize;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }

    private OrtSession session(Path folder, ConfigFile config, InferenceOptions options) throws OrtException {
        try (OrtSession.SessionOptions session = OnnxSession.settings(options)) {
            boolean weights =
                    Stream.of(SafeTensors.FILE, SafeTensors.INDEX).anyMatch(file -> Files.exists(folder.resolve(file)));
            if (weights && config.text("model_type", "").equals(DistilBertConfig.MODEL_TYPE)) {
                try (SafeTensors checkpoint = SafeTensors.open(folder);
                        Arena memory = Arena.ofConfined()) {
                    return DistilBertGraph.of(
                                    DistilBertConfig.of(config), checkpoint, OnnxSession.precision(options), memory)
                            .open(environment, session);
                }
            }
            Path export = EXPORTS.stream()
                    .map(folder::resolve)
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new ModelException(folder + " holds neither the weights of a DistilBERT nor an "
                            + "exported " + String.join(" or ", EXPORTS)));
            return environment.createSession(export.toString(), session);
        }
    }

    private void requireInputs(Path folder) throws OrtException {
        for (NodeInfo input : session.getInputInfo().values()) {
            if (!INPUTS.contains(input.getName())
                    || !(input.getInfo() instanceof TensorInfo tensor)
                    || tensor.type != OnnxJavaType.INT64) {
                throw new ModelException(folder + " holds a graph with the input " + input.getName()
                        + ", but a text classifier is given " + String.join(", ", INPUTS) + " as int64 only");
            }
        }
    }

    /** The last dimension of an output: 0 when there is no such output, -1 when it is left open. */
    private int width(String output) throws OrtException {
        NodeInfo info = session.getOutputInfo().get(output);
        return info != null && info.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 2
                ? (int) tensor.getShape()[1]
                : 0;
    }

    private static FloatBuffer floats(OrtSession.Result result, String output) {
        return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
    }

    private static float[] next(FloatBuffer buffer, int count) {
        float[] values = new float[count];
        buffer.get(values);
        return values;
    }
}
