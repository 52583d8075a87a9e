package dev.plaudit.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.decoding.CausalEngine;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.decoding.Decoder;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.TextGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A TorchScript export run by PyTorch, through DJL: the file {@value #FILE} of a folder in the Hugging Face layout, with a
 * forward as {@link ForwardSignature} has it. Of the configuration it asks the vocabulary, the positions and, for a cache,
 * layers, heads and their width; it runs in the export's own numbers.
 */
public final class TorchScriptEngine implements CausalEngine {
    /** What the export is called. */
    public static final String FILE = "model.pt";

    private final Model model;
    private final ForwardSignature signature;
    private final CausalShape shape;

    private TorchScriptEngine(Model model, ForwardSignature signature, CausalShape shape) {
        this.model = model;
        this.signature = signature;
        this.shape = shape;
    }

    /** Whether a folder holds an export. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * Opens a folder's export for writing texts.
     *
     * @param options of which the precision does not count
     * @throws ModelException when the folder cannot be used
     */
    public static TextGenerator open(LlamaFolder folder, InferenceOptions options) {
        if (folder.adapter().isPresent()) {
            throw new ModelException(folder.adapter().get() + " cannot be put on the export of " + folder.base()
                    + ": merge the adapter before exporting");
        }
        return TextGenerator.over(folder, config -> {
            TorchScriptEngine engine = open(folder.base().resolve(FILE), config, options);
            return CausalModel.over(engine, engine.shape);
        });
    }

    private static TorchScriptEngine open(Path file, ConfigFile config, InferenceOptions options) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(file.getParent() + " holds no " + FILE);
        }
        ForwardSignature signature = ForwardSignature.read(file);
        int vocabulary = config.positive("vocab_size");
        int positions = Math.min(config.positive("max_position_embeddings"), options.maxTokens());
        CausalShape shape = signature.cached()
                ? cached(config, vocabulary, positions)
                : new CausalShape(1, 1, 1, 1, vocabulary, positions);
        Model model = load(file, options);
        try {
            TorchScriptEngine engine = new TorchScriptEngine(model, signature, shape);
            engine.probe(file);
            return engine;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static CausalShape cached(ConfigFile config, int vocabulary, int positions) {
        int heads = config.positive("num_attention_heads");
        return new CausalShape(
                config.positive("num_hidden_layers"),
                1,
                config.positive("num_key_value_heads", heads),
                config.positive("head_dim", config.positive("hidden_size") / heads),
                vocabulary,
                positions);
    }

    private static Model load(Path file, InferenceOptions options) {
        // DJL would fetch libraries and count its users over the network.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Model model = Model.newInstance(FILE, device(options), PtEngine.ENGINE_NAME);
        try {
            JniUtils.setNumThreads(options.threads());
            model.load(file.getParent(), FILE.substring(0, FILE.lastIndexOf('.')), Map.of("mapLocation", "true"));
            return model;
        } catch (IOException | MalformedModelException | EngineException e) {
            model.close();
            throw new ModelException(file + " cannot be loaded by PyTorch: " + firstLine(e), e);
        }
    }

    private static ai.djl.Device device(InferenceOptions options) {
        boolean gpu = options.device() != Device.CPU
                && Engine.getEngine(PtEngine.ENGINE_NAME).getGpuCount() > 0;
        if (options.device() == Device.CUDA && !gpu) {
            throw new ModelException("PyTorch finds no GPU, or its CUDA libraries are not there");
        }
        return gpu ? ai.djl.Device.gpu() : ai.djl.Device.cpu();
    }

    /** Lets it say what follows one token, so that one that does something else is refused before anybody asks. */
    private void probe(Path file) {
        try (Decoder decoder = decoder(1, 1)) {
            decoder.add(new float[] {0});
        } catch (EngineException | IllegalArgumentException e) {
            throw new ModelException(file + " does not run: " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    ForwardSignature signature() {
        return signature;
    }

    CausalShape shape() {
        return shape;
    }

    /** A manager of arrays where the model is. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /**
     * Runs it.
     *
     * @param inputs as the signature has them
     * @return the logits in single precision, and the cache if there is one, where the inputs are
     */
    NDList forward(NDManager manager, NDList inputs, long rows, long length) {
        // Of a thread each: the graph as written, without the profiling that pays only when shapes never change.
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(false);
        NDList outputs = model.getBlock().forward(new ParameterStore(manager, false), inputs, false);
        Shape logits = new Shape(rows, length, shape.vocabSize());
        if (!outputs.head().getShape().equals(logits)) {
            throw new IllegalArgumentException(
                    "it gives logits of shape " + outputs.head().getShape() + ", not " + logits);
        }
        if (signature.cached() && outputs.size() != 1 + 2 * shape.layers()) {
            throw new IllegalArgumentException("it gives the keys and values of " + (outputs.size() - 1) / 2
                    + " layers, not of " + shape.layers());
        }
        return outputs;
    }

    @Override
    public Device device() {
        return model.getNDManager().getDevice().isGpu() ? Device.CUDA : Device.CPU;
    }

    @Override
    public Decoder decoder(int rows, int room) {
        return new TorchScriptDecoder(this);
    }

    @Override
    public void close() {
        model.close();
    }
}
