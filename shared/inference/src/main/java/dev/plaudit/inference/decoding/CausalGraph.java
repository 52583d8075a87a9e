package dev.plaudit.inference.decoding;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;
import static dev.plaudit.inference.onnx.ElementType.INT32;
import static dev.plaudit.inference.onnx.ElementType.INT64;

import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs and outputs that every decoder-only language model here has, and its attention over the cache. Names:
 *
 * <ul>
 *   <li>{@value #EMBEDS} {@code [batch, sequence, hidden]}: the new tokens' embeddings, of every row as many;
 *   <li>{@value #POSITIONS} {@code [batch, sequence]} int64: their places from 0, where the architecture asks;
 *   <li>{@value #LENGTHS} {@code [batch]} int32: each row's length with the new tokens, less 1;
 *   <li>{@value #TOTAL} {@code []} int32: the longest row's length with the new tokens;
 *   <li>{@code past.i.key} and {@code past.i.value} {@code [batch, heads, room, head]}: the cache, which {@code
 *       present.i.…} may share;
 *   <li>{@value #LOGITS} {@code [batch, vocabulary]}: the scores after each row's last token.
 * </ul>
 *
 * @param shape of the model
 * @param lengths the input of that name
 * @param total the input of that name
 */
public record CausalGraph(GraphBuilder graph, CausalShape shape, Value lengths, Value total) {
    static final String EMBEDS = "inputs_embeds";
    static final String POSITIONS = "position_ids";
    static final String LENGTHS = "seqlens_k";
    static final String TOTAL = "total_sequence_length";
    static final String LOGITS = "logits";

    private static final Dimension BATCH = Dimension.of("batch");
    private static final Dimension SEQUENCE = Dimension.of("sequence");

    /** Declares the inputs that all have. */
    public static CausalGraph of(GraphBuilder graph, CausalShape shape) {
        return new CausalGraph(graph, shape, graph.input(LENGTHS, INT32, BATCH), graph.input(TOTAL, INT32));
    }

    /** Declares {@value #EMBEDS}. */
    public Value embeds() {
        return graph.input(EMBEDS, FLOAT, BATCH, SEQUENCE, Dimension.of(shape.hiddenSize()));
    }

    /** Declares {@value #POSITIONS}. */
    public Value positions() {
        return graph.input(POSITIONS, INT64, BATCH, SEQUENCE);
    }

    /**
     * Causal attention of the new tokens over the cache and themselves; what they add to the cache is written in place
     * where past and present are one tensor.
     *
     * @param heads of the queries, a multiple of those of keys and values
     */
    public Value attention(int layer, Value q, Value k, Value v, int heads) {
        return attention(layer, List.of(q, k, v), List.of(), heads, 0);
    }

    /**
     * The same with rotary positions (Su et al. 2021, "RoFormer"): queries and keys are turned by their places, the first
     * half of a head paired with the second.
     *
     * @param qkv queries, keys and values, or one value that holds them one behind another in each row's last dimension
     * @param cos cosines of the angles, {@code [places, head / 2]}
     * @param sin their sines
     */
    public Value rotaryAttention(int layer, List<Value> qkv, Value cos, Value sin, int heads) {
        List<Value> three = qkv.size() == 1 ? List.of(qkv.getFirst(), Value.NONE, Value.NONE) : qkv;
        return attention(layer, three, List.of(cos, sin), heads, 1);
    }

    private Value attention(int layer, List<Value> qkv, List<Value> rotation, int heads, int rotary) {
        Dimension[] cache = {
            BATCH, Dimension.of(shape.keyValueHeads()), Dimension.of("room"), Dimension.of(shape.headSize())
        };
        Value pastKey = graph.input(past(2 * layer), shape.cache(), cache);
        Value pastValue = graph.input(past(2 * layer + 1), shape.cache(), cache);
        Value context = new Value("context." + layer);
        Value presentKey = new Value(present(2 * layer));
        Value presentValue = new Value(present(2 * layer + 1));
        List<Value> inputs = new ArrayList<>(cast(qkv, shape.cache()));
        inputs.addAll(List.of(pastKey, pastValue, lengths, total));
        inputs.addAll(cast(rotation, shape.cache()));
        graph.contrib(
                "GroupQueryAttention",
                inputs,
                List.of(context, presentKey, presentValue),
                Attribute.of("num_heads", heads),
                Attribute.of("kv_num_heads", shape.keyValueHeads()),
                Attribute.of("do_rotary", rotary));
        graph.output(presentKey, shape.cache(), cache);
        graph.output(presentValue, shape.cache(), cache);
        return cast(List.of(context), FLOAT).getFirst();
    }

    /** Values in other numbers; everything but attention is in single precision. */
    private List<Value> cast(List<Value> values, ElementType type) {
        if (shape.cache() == FLOAT) {
            return values;
        }
        return values.stream()
                .map(value -> value == Value.NONE ? value : graph.op("Cast", List.of(value), Attribute.of("to", type)))
                .toList();
    }

    /** Each row's last hidden state, {@code [batch, hidden]}: the only one that logits are made of. */
    public Value last(Value h) {
        Value last = graph.op("Gather", List.of(h, graph.constant(-1)), Attribute.of("axis", 1));
        return graph.op("Reshape", List.of(last, graph.constant(-1, shape.hiddenSize())));
    }

    /** Declares the output. */
    public void logits(Value logits) {
        graph.output(LOGITS, logits, FLOAT, BATCH, Dimension.of(shape.vocabSize()));
    }

    /** The input of a block of the cache: the keys of layer 0, its values, the keys of layer 1, ... */
    static String past(int block) {
        return "past." + block / 2 + (block % 2 == 0 ? ".key" : ".value");
    }

    static String present(int block) {
        return "present." + block / 2 + (block % 2 == 0 ? ".key" : ".value");
    }
}
