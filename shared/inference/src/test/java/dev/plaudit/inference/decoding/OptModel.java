package dev.plaudit.inference.decoding;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.opt.OptConfig;
import dev.plaudit.inference.opt.OptGraph;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** An OPT with random weights that runs. */
record OptModel(SafeTensors checkpoint, CausalSession session, CausalModel model) implements AutoCloseable {
    private interface Opening {
        CausalSession open(OnnxModel graph, CausalShape shape, InferenceOptions options);
    }

    static OptModel open(RandomOpt shape, Path folder) {
        return open(shape, folder, InferenceOptions.DEFAULT);
    }

    static OptModel open(RandomOpt shape, Path folder, InferenceOptions options) {
        return open(shape, folder, options, CausalSession.OnHost::open);
    }

    /** As on the CPU of old. */
    static OptModel onHost(RandomOpt shape, Path folder, ElementType cache) {
        return open(shape, folder, options(cache), CausalSession.OnHost::open);
    }

    /** As on a GPU, but in the memory of the CPU. */
    static OptModel onDevice(RandomOpt shape, Path folder, ElementType cache) {
        return open(
                shape,
                folder,
                options(cache),
                (graph, causal, options) -> CausalSession.OnDevice.open(graph, causal, options, Device.CPU));
    }

    /** The options that make the graph for a cache in these numbers. */
    private static InferenceOptions options(ElementType cache) {
        return InferenceOptions.DEFAULT
                .withDevice(cache == ElementType.FLOAT16 ? Device.CUDA : Device.CPU)
                .withThreads(1);
    }

    private static OptModel open(RandomOpt shape, Path folder, InferenceOptions options, Opening opening) {
        OptConfig config =
                OptConfig.of(ConfigFile.read(shape.write(folder, DType.F32).resolve(ConfigFile.NAME)));
        CausalShape causal = config.causal().on(options);
        SafeTensors checkpoint = SafeTensors.open(folder);
        try (Arena memory = Arena.ofConfined()) {
            CausalSession session = opening.open(OptGraph.of(config, checkpoint, "", options, memory), causal, options);
            return new OptModel(
                    checkpoint, session, CausalModel.over(session, causal, checkpoint, OptGraph.embeddings("")));
        }
    }

    @Override
    public void close() {
        model.close();
        checkpoint.close();
    }
}
