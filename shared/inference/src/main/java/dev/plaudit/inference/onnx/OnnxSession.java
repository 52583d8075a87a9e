package dev.plaudit.inference.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.NativeLibraries;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.Precision;
import java.lang.System.Logger.Level;

/**
 * A model that runs. Thread-safe, as ONNX Runtime's sessions are.
 *
 * @param environment that the session's tensors are made in
 * @param session of ONNX Runtime
 * @param device where it runs: never {@link Device#AUTO}
 */
public record OnnxSession(OrtEnvironment environment, OrtSession session, Device device) implements AutoCloseable {
    /** The session setting whether idle threads of a run spin. */
    public static final String SPINNING = "session.intra_op.allow_spinning";

    /** The session setting whether they stop at the end of a run. */
    public static final String SPINNING_ENDS = "session.force_spinning_stop";

    private static final System.Logger LOG = System.getLogger(OnnxSession.class.getName());

    /**
     * Opens a session.
     *
     * @throws ModelException when ONNX Runtime refuses the model, or a device is asked for that is not there
     */
    public static OnnxSession open(OnnxModel model, InferenceOptions options) {
        OrtEnvironment environment = OnnxEnvironment.get();
        try {
            Device device = wantsCuda(options) ? Device.CUDA : Device.CPU;
            try {
                return open(environment, model, options, device);
            } catch (OrtException e) {
                if (device == Device.CPU || options.device() == Device.CUDA) {
                    throw e;
                }
                LOG.log(Level.WARNING, () -> "no GPU can be used, the CPU is taken: " + e.getMessage());
                return open(environment, model, options, Device.CPU);
            }
        } catch (OrtException e) {
            throw new ModelException(model.folder() + " cannot be run: " + e.getMessage(), e);
        }
    }

    private static OnnxSession open(
            OrtEnvironment environment, OnnxModel model, InferenceOptions options, Device device) throws OrtException {
        try (OrtSession.SessionOptions settings = settings(options)) {
            if (device == Device.CUDA) {
                settings.addCUDA(0);
            }
            return new OnnxSession(environment, model.open(environment, settings), device);
        }
    }

    /** Whether a GPU is asked for, or may be tried. */
    public static boolean wantsCuda(InferenceOptions options) {
        return switch (options.device()) {
            case CPU -> false;
            case CUDA -> true;
            case AUTO -> {
                NativeLibraries.locate();
                yield OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
            }
        };
    }

    /** In what numbers a graph is built: half precision only where a GPU may run it. */
    public static Precision precision(InferenceOptions options) {
        return options.precision() == Precision.FP16 && !wantsCuda(options) ? Precision.FP32 : options.precision();
    }

    /** Threads as the options say. */
    public static OrtSession.SessionOptions settings(InferenceOptions options) throws OrtException {
        OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
        settings.setIntraOpNumThreads(options.threads());
        settings.addConfigEntry(SPINNING, options.spinning() ? "1" : "0");
        settings.addConfigEntry(SPINNING_ENDS, "1");
        return settings;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
