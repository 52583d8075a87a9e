package dev.plaudit.ocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.Resources;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One of the networks: a batch of pictures in, numbers out. Thread-safe. */
final class Network implements AutoCloseable {
    /**
     * What a network answers.
     *
     * @param values row-major
     * @param shape its dimensions, the batch first
     */
    record Output(float[] values, long[] shape) {}

    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final OrtSession session;
    private final String input;
    private final Resources opened;

    private Network(OrtSession session, Resources opened) {
        this.session = session;
        this.input = session.getInputNames().iterator().next();
        this.opened = opened;
    }

    /**
     * Opens a network.
     *
     * @param model whose bytes are of no use to the network once it is open
     * @throws ModelException when ONNX Runtime refuses the model
     */
    static Network open(NetworkModel model, OcrConfig config) {
        Resources opened = new Resources();
        try (OrtSession.SessionOptions options = options(config)) {
            ByteBuffer bytes = model.onnx();
            Optional<Path> optimised = OptimisedNetwork.of(model, config);
            if (optimised.isPresent()) {
                bytes = NetworkModel.mapped(optimised.get(), opened.add(Arena.ofShared()));
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
                options.addConfigEntry("session.use_ort_model_bytes_directly", "1");
                options.addConfigEntry("session.use_ort_model_bytes_for_initializers", "1");
            }
            return new Network(opened.add(OnnxEnvironment.get().createSession(bytes, options)), opened);
        } catch (OrtException | IOException e) {
            opened.close();
            throw new ModelException("the OCR model " + model.name() + " is refused: " + e.getMessage(), e);
        }
    }

    /** How a network is run. */
    static OrtSession.SessionOptions options(OcrConfig config) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(
                config.threads().orElse(Runtime.getRuntime().availableProcessors()));
        options.addConfigEntry("session.intra_op.allow_spinning", config.spinning() ? "1" : "0");
        // Every picture has another size: a plan made for one is of no use to the next.
        options.setMemoryPatternOptimization(false);
        return options;
    }

    /** Height that the network is made for, or {@code otherwise} when it takes any. */
    int inputHeight(int otherwise) {
        return fixed(dimensions(true)[2], otherwise);
    }

    /** Width that the network is made for, or {@code otherwise} when it takes any. */
    int inputWidth(int otherwise) {
        return fixed(dimensions(true)[3], otherwise);
    }

    /** The last dimension of what it answers; -1 when left open. */
    int outputWidth() {
        long[] shape = dimensions(false);
        return (int) shape[shape.length - 1];
    }

    /**
     * Runs a batch.
     *
     * @param fill writes {@code [batch, 3, height, width]} into zeros
     */
    Output run(int batch, int height, int width, Consumer<FloatBuffer> fill) {
        long[] shape = {batch, 3, height, width};
        // Memory that is free as soon as the run is over: a direct buffer would wait for the garbage collector.
        try (Arena arena = Arena.ofConfined()) {
            FloatBuffer pixels = arena.allocate(ValueLayout.JAVA_FLOAT, 3L * batch * height * width)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            fill.accept(pixels);
            return run(pixels, shape);
        }
    }

    /** One at a time: a run has all the threads, and the arena grows to what the runs of one moment take together. */
    private synchronized Output run(FloatBuffer pixels, long[] shape) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, pixels, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            OnnxTensor answer = (OnnxTensor) result.get(0);
            return new Output(answer.getFloatBuffer().array(), answer.getInfo().getShape());
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        opened.close();
    }

    private long[] dimensions(boolean ofInput) {
        try {
            var info = (ofInput ? session.getInputInfo() : session.getOutputInfo())
                    .values()
                    .iterator()
                    .next()
                    .getInfo();
            return ((TensorInfo) info).getShape();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private static int fixed(long dimension, int otherwise) {
        return dimension > 0 ? (int) dimension : otherwise;
    }
}
