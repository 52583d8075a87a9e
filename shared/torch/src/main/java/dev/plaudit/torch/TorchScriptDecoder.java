package dev.plaudit.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.decoding.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Decoding on PyTorch. With a cache each step reads one token a row; without one it reads the sequences whole. Sequences of
 * different lengths run one after the other, since whether a model bears padding depends on how it was exported. Keys and
 * values are never written to, so sequences with one parent share its.
 */
final class TorchScriptDecoder implements Decoder {
    /**
     * A sequence.
     *
     * @param past keys and values of its tokens but for the last, one row each; at first, and without a cache, none
     */
    private record Row(long[] tokens, NDList past) {
        static Row of(float[] prompt) {
            return new Row(
                    IntStream.range(0, prompt.length)
                            .mapToLong(i -> (long) prompt[i])
                            .toArray(),
                    new NDList());
        }

        Row with(int token) {
            long[] longer = Arrays.copyOf(tokens, tokens.length + 1);
            longer[tokens.length] = token;
            return new Row(longer, past);
        }
    }

    private final TorchScriptEngine engine;
    private final CausalShape shape;
    private NDManager memory;
    private Row[] rows = {};
    private float[] logits = {};

    TorchScriptDecoder(TorchScriptEngine engine) {
        this.engine = engine;
        this.shape = engine.shape();
        this.memory = engine.newManager();
    }

    @Override
    public int vocabulary() {
        return shape.vocabSize();
    }

    @Override
    public float[] logits() {
        return logits;
    }

    @Override
    public void add(float[] prompt) {
        int row = rows.length;
        rows = Arrays.copyOf(rows, row + 1);
        rows[row] = Row.of(prompt);
        logits = Arrays.copyOf(logits, rows.length * shape.vocabSize());
        run(memory, List.of(row));
    }

    @Override
    public void advance(int[] parents, int[] tokens) {
        Row[] next = new Row[parents.length];
        Arrays.setAll(next, row -> rows[parents[row]].with(tokens[row]));
        rows = next;
        if (logits.length != rows.length * shape.vocabSize()) {
            logits = new float[rows.length * shape.vocabSize()];
        }
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int row = 0; row < rows.length; row++) {
            byLength.computeIfAbsent(rows[row].tokens().length, length -> new ArrayList<>())
                    .add(row);
        }
        NDManager grown = engine.newManager();
        try {
            byLength.values().forEach(alike -> run(grown, alike));
        } catch (RuntimeException | Error e) {
            rows = new Row[0];
            throw e;
        } finally {
            memory.close();
            memory = grown;
        }
    }

    /** Runs rows of one length, and takes what they say and what they add to the cache. */
    private void run(NDManager kept, List<Integer> alike) {
        Row first = rows[alike.getFirst()];
        int total = first.tokens().length;
        int before = first.past().isEmpty() ? 0 : total - 1;
        try (NDManager manager = kept.newSubManager()) {
            NDList outputs =
                    engine.forward(manager, inputs(manager, alike, before, total), alike.size(), total - before);
            NDArray last = outputs.head().get(new NDIndex(":, -1")).toType(DataType.FLOAT32, false);
            float[] scores = last.toFloatArray();
            for (int i = 0; i < alike.size(); i++) {
                int row = alike.get(i);
                System.arraycopy(scores, i * shape.vocabSize(), logits, row * shape.vocabSize(), shape.vocabSize());
                NDList past = new NDList();
                for (NDArray block : outputs.subNDList(1)) {
                    NDArray part = block.get(new NDIndex("{}:{}", i, i + 1));
                    part.attach(kept);
                    past.add(part);
                }
                rows[row] = new Row(rows[row].tokens(), engine.signature().cached() ? past : new NDList());
            }
        }
    }

    private NDList inputs(NDManager manager, List<Integer> alike, int before, int total) {
        int count = alike.size();
        NDList inputs = new NDList();
        for (String name : engine.signature().parameters()) {
            switch (name) {
                case ForwardSignature.IDS -> {
                    long[] ids = alike.stream()
                            .flatMapToLong(row -> Arrays.stream(rows[row].tokens(), before, total))
                            .toArray();
                    inputs.add(manager.create(ids, new Shape(count, total - before)));
                }
                case ForwardSignature.MASK -> inputs.add(manager.ones(new Shape(count, total), DataType.INT64));
                case ForwardSignature.POSITIONS ->
                    inputs.add(manager.arange(before, total, 1, DataType.INT64)
                            .reshape(1, total - before)
                            .repeat(0, count));
                default -> inputs.addAll(past(manager, alike, before));
            }
        }
        return inputs;
    }

    /** The rows' keys and values as one list, which DJL knows by its arrays' name. */
    private NDList past(NDManager manager, List<Integer> alike, int before) {
        NDList past = new NDList();
        for (int block = 0; block < 2 * shape.layers(); block++) {
            int index = block;
            NDArray together = before == 0
                    ? manager.zeros(new Shape(alike.size(), shape.keyValueHeads(), 0, shape.headSize()))
                    : NDArrays.concat(new NDList(alike.stream()
                            .map(row -> rows[row].past().get(index))
                            .toList()));
            together.attach(manager);
            together.setName(ForwardSignature.PAST + "[]");
            past.add(together);
        }
        return past;
    }

    @Override
    public void close() {
        memory.close();
    }
}
