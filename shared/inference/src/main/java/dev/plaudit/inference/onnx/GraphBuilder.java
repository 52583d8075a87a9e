package dev.plaudit.inference.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes an ONNX model, node after node: each call adds to the graph and returns the value that it makes, so that a
 * forward pass can be written as expressions. Numbers of fields are those of {@code onnx.proto}. The same calls give
 * the same bytes. Not thread-safe.
 */
public final class GraphBuilder {
    private static final int IR_VERSION = 10;
    private static final int OPSET = 21;
    private static final String CONTRIB = "com.microsoft";
    private static final int EXTERNAL = 1;

    private final ProtoWriter graph = new ProtoWriter().text(2, "graph");
    private final Map<String, Value> constants = new HashMap<>();
    private int values;

    /** An input of the graph. */
    public Value input(String name, ElementType type, Dimension... shape) {
        graph.message(11, valueInfo(name, type, shape));
        return new Value(name);
    }

    /** Makes a value an output of the graph, under a name. */
    public void output(String name, Value value, ElementType type, Dimension... shape) {
        node("", "Identity", List.of(value), new Value(name));
        graph.message(12, valueInfo(name, type, shape));
    }

    /** Makes a value an output of the graph, under its own name and without a copy. */
    public void output(Value value, ElementType type, Dimension... shape) {
        graph.message(12, valueInfo(value.name(), type, shape));
    }

    /** A small int64 vector that stands in the graph itself. */
    public Value constant(long... elements) {
        ByteBuffer data = ByteBuffer.allocate(elements.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(elements);
        return constants.computeIfAbsent(
                Arrays.toString(elements),
                key -> initializer(
                        fresh("constant"),
                        ElementType.INT64,
                        new long[] {elements.length},
                        new ProtoWriter().bytes(9, data.array())));
    }

    /**
     * An initialiser whose bytes lie in a file, little-endian and row-major.
     *
     * @param location the file's name in the folder that the session is given
     * @param offset its first byte
     * @param length its number of bytes
     */
    public Value external(String name, ElementType type, long[] shape, String location, long offset, long length) {
        return initializer(
                name,
                type,
                shape,
                new ProtoWriter()
                        .message(13, entry("location", location))
                        .message(13, entry("offset", Long.toString(offset)))
                        .message(13, entry("length", Long.toString(length)))
                        .integer(14, EXTERNAL));
    }

    /** A node of a standard operator with one output. */
    public Value op(String type, List<Value> inputs, Attribute... attributes) {
        return node("", type, inputs, new Value(fresh(type)), attributes);
    }

    /** A node of one of ONNX Runtime's own operators with one output. */
    public Value contrib(String type, List<Value> inputs, Attribute... attributes) {
        return node(CONTRIB, type, inputs, new Value(fresh(type)), attributes);
    }

    /** A node of one of ONNX Runtime's own operators whose outputs have given names. */
    public void contrib(String type, List<Value> inputs, List<Value> outputs, Attribute... attributes) {
        node(CONTRIB, type, inputs, outputs, attributes);
    }

    /** Cuts a value into equal parts along its last dimension. */
    public List<Value> split(Value value, int parts) {
        List<Value> outputs =
                Stream.generate(() -> new Value(fresh("Split"))).limit(parts).toList();
        node("", "Split", List.of(value), outputs, Attribute.of("axis", -1), Attribute.of("num_outputs", parts));
        return outputs;
    }

    /** The whole model. */
    public byte[] toByteArray() {
        return new ProtoWriter()
                .integer(1, IR_VERSION)
                .text(2, "plaudit")
                .message(7, graph)
                .message(8, new ProtoWriter().text(1, "").integer(2, OPSET))
                .message(8, new ProtoWriter().text(1, CONTRIB).integer(2, 1))
                .toByteArray();
    }

    private Value node(String domain, String type, List<Value> inputs, Value output, Attribute... attributes) {
        node(domain, type, inputs, List.of(output), attributes);
        return output;
    }

    private void node(String domain, String type, List<Value> inputs, List<Value> outputs, Attribute... attributes) {
        ProtoWriter node = new ProtoWriter();
        inputs.forEach(input -> node.text(1, input.name()));
        outputs.forEach(output -> node.text(2, output.name()));
        node.text(3, outputs.getFirst().name()).text(4, type).text(7, domain);
        for (Attribute attribute : attributes) {
            ProtoWriter proto = new ProtoWriter().text(1, attribute.name());
            node.message(
                    5,
                    switch (attribute) {
                        case Attribute.Real real -> proto.real(2, real.value()).integer(20, 1);
                        case Attribute.Int integer ->
                            proto.integer(3, integer.value()).integer(20, 2);
                        case Attribute.Ints integers -> {
                            for (long value : integers.values()) {
                                proto.integer(8, value);
                            }
                            yield proto.integer(20, 7);
                        }
                    });
        }
        graph.message(1, node);
    }

    private Value initializer(String name, ElementType type, long[] shape, ProtoWriter tensor) {
        for (long size : shape) {
            tensor.integer(1, size);
        }
        graph.message(5, tensor.integer(2, type.code()).text(8, name));
        return new Value(name);
    }

    private static ProtoWriter valueInfo(String name, ElementType type, Dimension... shape) {
        ProtoWriter dimensions = new ProtoWriter();
        for (Dimension dimension : shape) {
            dimensions.message(
                    1,
                    switch (dimension) {
                        case Dimension.Fixed fixed -> new ProtoWriter().integer(1, fixed.size());
                        case Dimension.Open open -> new ProtoWriter().text(2, open.name());
                    });
        }
        ProtoWriter tensor = new ProtoWriter().integer(1, type.code()).message(2, dimensions);
        return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
    }

    private static ProtoWriter entry(String key, String value) {
        return new ProtoWriter().text(1, key).text(2, value);
    }

    private String fresh(String prefix) {
        return prefix + "_" + values++;
    }
}
