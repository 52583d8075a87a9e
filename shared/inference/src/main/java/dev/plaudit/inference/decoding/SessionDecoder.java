package dev.plaudit.inference.decoding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.plaudit.inference.onnx.OnnxSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decoding on ONNX Runtime. Each prompt is read once and then shared by its rows. A row keeps its place in the cache while
 * it has a successor; only where a row has several is the part that was generated copied, never the prompt.
 */
final class SessionDecoder implements Decoder {
    private final OnnxSession session;
    private final CausalModel model;
    private final CausalShape shape;
    private final KvCache cache;
    private final int rowsPerPrompt;
    private final int[] promptLengths;
    private final float[] logits;
    private int[] slots;
    private int said;

    SessionDecoder(OnnxSession session, CausalModel model, List<float[]> prompts, int rowsPerPrompt, int maxNewTokens) {
        this.session = session;
        this.model = model;
        this.shape = model.shape();
        this.rowsPerPrompt = rowsPerPrompt;
        this.promptLengths = prompts.stream()
                .mapToInt(prompt -> prompt.length / shape.hiddenSize())
                .toArray();
        int rows = prompts.size() * rowsPerPrompt;
        int longest = Arrays.stream(promptLengths).max().orElseThrow();
        this.cache = new KvCache(shape, rows, longest + maxNewTokens);
        this.slots = IntStream.range(0, rows).toArray();
        this.logits = new float[rows * shape.vocabSize()];
        try {
            read(prompts, longest);
        } catch (RuntimeException e) {
            cache.close();
            throw e;
        }
    }

    @Override
    public int vocabulary() {
        return shape.vocabSize();
    }

    @Override
    public float[] logits() {
        float[] ordered = new float[logits.length];
        for (int row = 0; row < slots.length; row++) {
            System.arraycopy(
                    logits, slots[row] * shape.vocabSize(), ordered, row * shape.vocabSize(), shape.vocabSize());
        }
        return ordered;
    }

    @Override
    public void advance(int[] parents, int[] tokens) {
        int rows = slots.length;
        moveTo(parents);
        FloatBuffer embeddings = floats(rows * shape.hiddenSize());
        float[] one = new float[shape.hiddenSize()];
        for (int row = 0; row < rows; row++) {
            model.embed(tokens[row], one, 0);
            embeddings.put(slots[row] * one.length, one);
        }
        int[] before = new int[rows];
        int[] added = new int[rows];
        for (int slot = 0; slot < rows; slot++) {
            before[slot] = promptLengths[slot / rowsPerPrompt] + said;
            added[slot] = 1;
        }
        said++;
        run(rows, 1, embeddings, before, added).get(logits);
    }

    /** Reads every prompt in one row and gives each of its rows a copy. */
    private void read(List<float[]> prompts, int longest) {
        int hidden = shape.hiddenSize();
        FloatBuffer embeddings = floats(prompts.size() * longest * hidden);
        for (int i = 0; i < prompts.size(); i++) {
            embeddings.put(i * longest * hidden, prompts.get(i));
        }
        FloatBuffer first = run(prompts.size(), longest, embeddings, new int[prompts.size()], promptLengths);
        for (int prompt = prompts.size() - 1; prompt >= 0; prompt--) {
            float[] scores = new float[shape.vocabSize()];
            first.get(prompt * scores.length, scores);
            for (int row = rowsPerPrompt - 1; row >= 0; row--) {
                int slot = prompt * rowsPerPrompt + row;
                System.arraycopy(scores, 0, logits, slot * scores.length, scores.length);
                if (slot != prompt) {
                    cache.copy(prompt, slot, 0, promptLengths[prompt]);
                }
            }
        }
    }

    /** Gives every row a slot that holds its parent's sequence. */
    private void moveTo(int[] parents) {
        int[] next = new int[slots.length];
        for (int first = 0; first < slots.length; first += rowsPerPrompt) {
            Arrays.fill(next, first, first + rowsPerPrompt, -1);
            boolean[] taken = new boolean[rowsPerPrompt];
            for (int row = first; row < first + rowsPerPrompt; row++) {
                int slot = slots[parents[row]];
                if (!taken[slot - first]) {
                    taken[slot - first] = true;
                    next[row] = slot;
                }
            }
            int prompt = promptLengths[first / rowsPerPrompt];
            int free = 0;
            for (int row = first; row < first + rowsPerPrompt; row++) {
                if (next[row] < 0) {
                    while (taken[free]) {
                        free++;
                    }
                    taken[free] = true;
                    next[row] = first + free;
                    cache.copy(slots[parents[row]], next[row], prompt, prompt + said);
                }
            }
        }
        slots = next;
    }

    /**
     * One run of the model.
     *
     * @param length tokens of a row, filling included
     * @param before tokens of each row in the cache
     * @param added new tokens of each row
     * @return {@code [rows, vocabulary]}
     */
    private FloatBuffer run(int rows, int length, FloatBuffer embeddings, int[] before, int[] added) {
        IntBuffer lengths = bytes(rows * Integer.BYTES).asIntBuffer();
        LongBuffer last = bytes(rows * Long.BYTES).asLongBuffer();
        LongBuffer positions = bytes(rows * length * Long.BYTES).asLongBuffer();
        int total = 0;
        for (int row = 0; row < rows; row++) {
            lengths.put(row, before[row] + added[row] - 1);
            last.put(row, (long) row * length + added[row] - 1);
            total = Math.max(total, before[row] + added[row]);
            for (int i = 0; i < length; i++) {
                positions.put(row * length + i, before[row] + Math.min(i, added[row] - 1));
            }
        }
        IntBuffer longest = bytes(Integer.BYTES).asIntBuffer().put(0, total);
        FloatBuffer scores = floats(rows * shape.vocabSize());
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
        try {
            var environment = session.environment();
            inputs.put(
                    CausalGraph.EMBEDS,
                    OnnxTensor.createTensor(environment, embeddings, new long[] {rows, length, shape.hiddenSize()}));
            inputs.put(CausalGraph.LENGTHS, OnnxTensor.createTensor(environment, lengths, new long[] {rows}));
            inputs.put(CausalGraph.LAST, OnnxTensor.createTensor(environment, last, new long[] {rows}));
            inputs.put(CausalGraph.TOTAL, OnnxTensor.createTensor(environment, longest, new long[] {}));
            if (session.session().getInputNames().contains(CausalGraph.POSITIONS)) {
                inputs.put(
                        CausalGraph.POSITIONS,
                        OnnxTensor.createTensor(environment, positions, new long[] {rows, length}));
            }
            outputs.put(
                    CausalGraph.LOGITS,
                    OnnxTensor.createTensor(environment, scores, new long[] {rows, shape.vocabSize()}));
            cache.bind(environment, rows, inputs, outputs);
            session.session().run(inputs, Set.of(), outputs).close();
            return scores;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
            OnnxTensor own = outputs.get(CausalGraph.LOGITS);
            if (own != null) {
                own.close();
            }
        }
    }

    private static FloatBuffer floats(int count) {
        return bytes(count * Float.BYTES).asFloatBuffer();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        cache.close();
    }
}
