package dev.plaudit.inference.llama;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.safetensors.Checkpoint;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Runs a Llama's graph by hand, one sequence, some tokens at a time over a cache that is written in place. */
final class LlamaStepper implements AutoCloseable {
    private final LlamaConfig config;
    private final Checkpoint checkpoint;
    private final OnnxSession session;
    private final Map<String, OnnxTensor> cache = new HashMap<>();
    private int length;

    private LlamaStepper(LlamaConfig config, CausalShape shape, Checkpoint checkpoint, OnnxSession session)
            throws OrtException {
        this.config = config;
        this.checkpoint = checkpoint;
        this.session = session;
        long[] extent = {1, config.numKeyValueHeads(), config.maxPositionEmbeddings(), config.headDim()};
        int size = (int) (extent[1] * extent[2] * extent[3]);
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            for (String part : new String[] {"key", "value"}) {
                ByteBuffer room = ByteBuffer.allocateDirect(
                                size * (int) shape.cache().bytes())
                        .order(ByteOrder.nativeOrder());
                OnnxJavaType numbers = shape.cache() == ElementType.FLOAT16 ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT;
                cache.put(layer + "." + part, OnnxTensor.createTensor(session.environment(), room, extent, numbers));
            }
        }
    }

    static LlamaStepper open(Path folder, Precision precision) throws OrtException {
        return open(folder, SafeTensors.open(folder), folder, precision);
    }

    /** @param checkpoint is closed with this */
    static LlamaStepper open(Path folder, Checkpoint checkpoint, Path sidecar, Precision precision)
            throws OrtException {
        return open(folder, checkpoint, sidecar, precision, Device.CPU);
    }

    /** The graph as for a device, on the CPU. */
    static LlamaStepper asFor(Device device, Path folder, Precision precision) throws OrtException {
        return open(folder, SafeTensors.open(folder), folder, precision, device);
    }

    private static LlamaStepper open(
            Path folder, Checkpoint checkpoint, Path sidecar, Precision precision, Device device) throws OrtException {
        LlamaConfig config = LlamaConfig.of(ConfigFile.read(folder.resolve(ConfigFile.NAME)));
        CausalShape shape = config.causal().on(InferenceOptions.DEFAULT.withDevice(device));
        try (Arena memory = Arena.ofConfined()) {
            return new LlamaStepper(
                    config,
                    shape,
                    checkpoint,
                    OnnxSession.open(
                            LlamaGraph.of(config, shape, checkpoint, sidecar, precision, memory)
                                    .model(),
                            InferenceOptions.DEFAULT.withThreads(1)));
        }
    }

    /** The logits of what follows these tokens after all before. */
    float[] step(int... ids) throws OrtException {
        FloatBuffer embeddings = FloatBuffer.allocate(ids.length * config.hiddenSize());
        for (int id : ids) {
            float[] row = new float[config.hiddenSize()];
            checkpoint.row(LlamaGraph.EMBEDDINGS, id, row, 0);
            embeddings.put(row);
        }
        length += ids.length;
        var environment = session.environment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Map<String, OnnxTensor> outputs = new HashMap<>();
        cache.forEach((name, tensor) -> {
            inputs.put("past." + name, tensor);
            outputs.put("present." + name, tensor);
        });
        inputs.put("inputs_embeds", OnnxTensor.createTensor(environment, embeddings.flip(), new long[] {
            1, ids.length, config.hiddenSize()
        }));
        inputs.put(
                "seqlens_k",
                OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length - 1}), new long[] {1}));
        inputs.put(
                "total_sequence_length",
                OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length}), new long[] {}));
        try (OrtSession.Result result = session.session().run(inputs, Set.of("logits"), outputs)) {
            return ((float[][]) result.get("logits").orElseThrow().getValue())[0];
        }
    }

    @Override
    public void close() {
        session.close();
        checkpoint.close();
    }
}
