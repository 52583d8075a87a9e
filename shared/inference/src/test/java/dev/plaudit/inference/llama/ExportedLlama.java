package dev.plaudit.inference.llama;

import static dev.plaudit.inference.onnx.ElementType.FLOAT;
import static dev.plaudit.inference.onnx.ElementType.INT32;
import static dev.plaudit.inference.onnx.ElementType.INT64;

import dev.plaudit.inference.ByteTokenizer;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.onnx.Attribute;
import dev.plaudit.inference.onnx.Dimension;
import dev.plaudit.inference.onnx.GraphBuilder;
import dev.plaudit.inference.onnx.Layers;
import dev.plaudit.inference.onnx.Value;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A Llama as Transformers.js lays its exports out: places come by {@code position_ids}, lengths by {@code attention_mask}. */
final class ExportedLlama {
    private static final Dimension BATCH = Dimension.of("batch_size");
    private static final Dimension SEQUENCE = Dimension.of("sequence_length");
    private static final Dimension TOTAL = Dimension.of("total_sequence_length");

    private final RandomLlama shape;
    private final GraphBuilder graph = new GraphBuilder();
    private final Layers layers;
    private final Value lengths;
    private final Value total;
    private final Value positions;

    private ExportedLlama(RandomLlama shape, SafeTensors checkpoint, Arena memory) {
        this.shape = shape;
        this.layers = new Layers(graph, new Weights(graph, checkpoint, "model", Precision.FP32, memory));
        Value mask = graph.input("attention_mask", INT64, BATCH, TOTAL);
        this.positions = graph.input("position_ids", INT64, BATCH, SEQUENCE);
        Value sum = graph.op("ReduceSum", List.of(mask, graph.constant(1)), Attribute.of("keepdims", 0));
        this.lengths = int32(graph.op("Sub", List.of(sum, graph.constant(1))));
        Value extent = graph.op("Shape", List.of(mask), Attribute.of("start", 1), Attribute.of("end", 2));
        this.total = int32(graph.op("Squeeze", List.of(extent)));
    }

    /** Writes a folder with {@code onnx/model.onnx} and the files beside it, but no {@code model.safetensors}. */
    static Path write(Path folder, RandomLlama shape) throws IOException {
        Path weights = Files.createDirectories(folder.resolve("onnx")).resolve("weights.safetensors");
        SequencedMap<String, Tensor> tensors = shape.tensors();
        double[] frequencies = ReferenceLlama.frequencies(shape.theta(), shape.headDim());
        float[] cos = new float[RandomLlama.POSITIONS * frequencies.length];
        float[] sin = new float[cos.length];
        for (int i = 0; i < cos.length; i++) {
            double angle = i / frequencies.length * frequencies[i % frequencies.length];
            cos[i] = (float) Math.cos(angle);
            sin[i] = (float) Math.sin(angle);
        }
        long[] angles = {RandomLlama.POSITIONS, frequencies.length};
        tensors.put("cos", new Tensor(angles, cos));
        tensors.put("sin", new Tensor(angles, sin));
        SafeTensorsWriter.write(weights, tensors, DType.F32, Map.of());
        try (SafeTensors checkpoint = SafeTensors.open(weights);
                Arena memory = Arena.ofConfined()) {
            Files.write(folder.resolve("onnx/model.onnx"), new ExportedLlama(shape, checkpoint, memory).forward());
        }
        Files.writeString(folder.resolve(ConfigFile.NAME), shape.config());
        ByteTokenizer.LLAMA3.write(folder);
        return folder;
    }

    private byte[] forward() {
        Value words = layers.weights().get(LlamaGraph.EMBEDDINGS, shape.vocabulary(), shape.hidden());
        Value ids = graph.input("input_ids", INT64, BATCH, SEQUENCE);
        Value h = graph.op("Gather", List.of(words, ids));
        for (int layer = 0; layer < shape.layers(); layer++) {
            String name = "model.layers." + layer + ".";
            Value normal = layers.rmsNorm(h, name + "input_layernorm", shape.hidden(), 1e-5f);
            h = graph.op("Add", List.of(h, attention(layer, normal, name + "self_attn.")));
            Value again = layers.rmsNorm(h, name + "post_attention_layernorm", shape.hidden(), 1e-5f);
            Value gate = layers.product(again, name + "mlp.gate_proj.weight", shape.inner(), shape.hidden());
            Value silu = graph.op("Mul", List.of(gate, graph.op("Sigmoid", List.of(gate))));
            Value up = layers.product(again, name + "mlp.up_proj.weight", shape.inner(), shape.hidden());
            Value down = layers.product(
                    graph.op("Mul", List.of(silu, up)), name + "mlp.down_proj.weight", shape.hidden(), shape.inner());
            h = graph.op("Add", List.of(h, down));
        }
        Value last = layers.rmsNorm(h, "model.norm", shape.hidden(), 1e-5f);
        Value logits = layers.product(last, "lm_head.weight", shape.vocabulary(), shape.hidden());
        graph.output("logits", logits, FLOAT, BATCH, SEQUENCE, Dimension.of(shape.vocabulary()));
        return layers.weights().model().graph();
    }

    private Value attention(int layer, Value x, String name) {
        int keyValueDim = shape.keyValueHeads() * shape.headDim();
        int queryDim = shape.heads() * shape.headDim();
        Value past = pastOf(layer, "key");
        Value context = new Value("context." + layer);
        Value presentKey = new Value("present." + layer + ".key");
        Value presentValue = new Value("present." + layer + ".value");
        graph.contrib(
                "GroupQueryAttention",
                List.of(
                        turned(layers.product(x, name + "q_proj.weight", queryDim, shape.hidden()), shape.heads()),
                        turned(
                                layers.product(x, name + "k_proj.weight", keyValueDim, shape.hidden()),
                                shape.keyValueHeads()),
                        layers.product(x, name + "v_proj.weight", keyValueDim, shape.hidden()),
                        past,
                        pastOf(layer, "value"),
                        lengths,
                        total),
                List.of(context, presentKey, presentValue),
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.keyValueHeads()));
        graph.output(presentKey, FLOAT, cache(TOTAL));
        graph.output(presentValue, FLOAT, cache(TOTAL));
        return layers.product(context, name + "o_proj.weight", shape.hidden(), queryDim);
    }

    private Value turned(Value x, int heads) {
        long places = RandomLlama.POSITIONS;
        long half = shape.headDim() / 2;
        return graph.contrib(
                "RotaryEmbedding",
                List.of(
                        x,
                        positions,
                        layers.weights().get("cos", places, half),
                        layers.weights().get("sin", places, half)),
                Attribute.of("num_heads", heads));
    }

    private Value pastOf(int layer, String part) {
        return graph.input("past_key_values." + layer + "." + part, FLOAT, cache(Dimension.of("past_sequence_length")));
    }

    private Dimension[] cache(Dimension length) {
        return new Dimension[] {BATCH, Dimension.of(shape.keyValueHeads()), length, Dimension.of(shape.headDim())};
    }

    private Value int32(Value value) {
        return graph.op("Cast", List.of(value), Attribute.of("to", INT32));
    }
}
