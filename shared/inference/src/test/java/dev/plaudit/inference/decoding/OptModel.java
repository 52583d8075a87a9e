package dev.plaudit.inference.decoding;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.opt.OptConfig;
import dev.plaudit.inference.opt.OptGraph;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** An OPT with random weights that runs. */
record OptModel(SafeTensors checkpoint, CausalModel model) implements AutoCloseable {
    static OptModel open(RandomOpt shape, Path folder) {
        OptConfig config =
                OptConfig.of(ConfigFile.read(shape.write(folder, DType.F32).resolve(ConfigFile.NAME)));
        SafeTensors checkpoint = SafeTensors.open(folder);
        try (Arena memory = Arena.ofConfined()) {
            return new OptModel(
                    checkpoint,
                    CausalModel.open(
                            OptGraph.of(config, checkpoint, "", Precision.FP32, memory),
                            config.causal(),
                            checkpoint,
                            OptGraph.embeddings(""),
                            InferenceOptions.DEFAULT));
        }
    }

    @Override
    public void close() {
        model.close();
        checkpoint.close();
    }
}
