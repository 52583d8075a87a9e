package dev.plaudit.ocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.OnnxEnvironment;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
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

    private Network(OrtSession session) {
        this.session = session;
        this.input = session.getInputNames().iterator().next();
    }

    /**
     * Opens a network.
     *
     * @param model outside the heap, and of no use to the network once it is open
     * @throws ModelException when ONNX Runtime refuses the model
     */
    static Network open(ByteBuffer model, String name, OcrConfig config) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(
                    config.threads().orElse(Runtime.getRuntime().availableProcessors()));
            options.addConfigEntry("session.intra_op.allow_spinning", config.spinning() ? "1" : "0");
            // Every picture has another size: a plan made for one is of no use to the next.
            options.setMemoryPatternOptimization(false);
            return new Network(OnnxEnvironment.get().createSession(model, options));
        } catch (OrtException e) {
            throw new ModelException("the OCR model " + name + " is refused by ONNX Runtime: " + e.getMessage(), e);
        }
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
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
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
