package dev.plaudit.inference.decoding;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import java.util.Map;
import java.util.Set;

/**
 * A decoder that somebody else exported; its cache grows by a copy at each step.
 *
 * @param shape its hidden size is 1: a token's embedding is its number
 * @param positions whether it asks for {@value #POSITIONS}
 */
record ExportedSession(OnnxSession session, CausalShape shape, boolean positions) implements CausalSession {
    static final String IDS = "input_ids";
    static final String MASK = "attention_mask";
    static final String POSITIONS = "position_ids";
    static final String LOGITS = "logits";

    private static final Set<String> TOKEN_INPUTS = Set.of(IDS, MASK, POSITIONS);

    static ExportedSession open(OnnxModel model, int vocabSize, int maxPositions, InferenceOptions options) {
        OnnxSession session = OnnxSession.open(model, options.withDevice(Device.CPU));
        try {
            return of(model, session, vocabSize, maxPositions);
        } catch (OrtException e) {
            session.close();
            throw new ModelException(model.folder() + " cannot be run: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static ExportedSession of(OnnxModel model, OnnxSession session, int vocabSize, int maxPositions)
            throws OrtException {
        Map<String, NodeInfo> inputs = session.session().getInputInfo();
        Map<String, NodeInfo> outputs = session.session().getOutputInfo();
        int layers = 0;
        while (inputs.containsKey(past(2 * layers))) {
            layers++;
        }
        require(model, layers > 0, "has no input " + past(0) + ", so it is no decoder with a cache");
        for (Map.Entry<String, NodeInfo> input : inputs.entrySet()) {
            String name = input.getKey();
            boolean token = TOKEN_INPUTS.contains(name);
            require(model, token || isPast(name, layers), "has the input " + name + ", which is not known here");
            require(
                    model,
                    tensor(input.getValue()).type == (token ? OnnxJavaType.INT64 : OnnxJavaType.FLOAT),
                    "has the input " + name + " not as " + (token ? "int64" : "float32"));
        }
        for (int block = 0; block < 2 * layers; block++) {
            require(model, inputs.containsKey(past(block)), "has no input " + past(block));
            require(model, outputs.containsKey(present(block)), "has no output " + present(block));
        }
        require(model, outputs.containsKey(LOGITS), "has no output " + LOGITS);
        long[] logits = tensor(outputs.get(LOGITS)).getShape();
        require(
                model,
                logits.length == 3 && (logits[2] < 0 || logits[2] == vocabSize),
                "has " + LOGITS + " of another width than vocab_size " + vocabSize);
        long[] cache = tensor(inputs.get(past(0))).getShape();
        require(
                model,
                cache.length == 4 && cache[1] > 0 && cache[3] > 0,
                "leaves open how many heads " + past(0) + " has and how wide they are");
        CausalShape shape = new CausalShape(
                layers, 1, Math.toIntExact(cache[1]), Math.toIntExact(cache[3]), vocabSize, maxPositions);
        return new ExportedSession(session, shape, inputs.containsKey(POSITIONS));
    }

    private static boolean isPast(String name, int layers) {
        for (int block = 0; block < 2 * layers; block++) {
            if (name.equals(past(block))) {
                return true;
            }
        }
        return false;
    }

    private static TensorInfo tensor(NodeInfo node) {
        if (node.getInfo() instanceof TensorInfo tensor) {
            return tensor;
        }
        throw new ModelException("the exported decoder's " + node.getName() + " is no tensor");
    }

    private static void require(OnnxModel model, boolean holds, String fault) {
        if (!holds) {
            throw new ModelException(model.folder() + " holds an exported decoder that " + fault);
        }
    }

    /** The input of a block of the cache: the keys of layer 0, its values, the keys of layer 1, ... */
    static String past(int block) {
        return "past_key_values." + block / 2 + (block % 2 == 0 ? ".key" : ".value");
    }

    static String present(int block) {
        return "present." + block / 2 + (block % 2 == 0 ? ".key" : ".value");
    }

    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public KvCache cache(int slots, int room) {
        return new ExportedCache(this, slots, room);
    }

    @Override
    public void close() {
        session.close();
    }
}
