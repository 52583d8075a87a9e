package dev.plaudit.inference.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph with its weights, ready to run.
 *
 * @param graph the ONNX model
 * @param folder where the files lie that its external initialisers name
 * @param held the external initialisers that lie in memory instead
 */
public record OnnxModel(byte[] graph, Path folder, List<Held> held) {
    /** An initialiser in memory outside the heap, in native byte order and row-major. */
    public record Held(String name, ElementType type, long[] shape, MemorySegment data) {}

    /** The session setting that names the folder of external initialisers. */
    public static final String FOLDER = "session.model_external_initializers_file_folder_path";

    /**
     * Opens a session over this model. ONNX Runtime copies what is held in memory, which may be freed afterwards.
     *
     * @param options get the weights in addition
     * @throws OrtException when ONNX Runtime refuses the model
     */
    public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException {
        Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
        try {
            for (Held initializer : held) {
                tensors.put(initializer.name(), tensor(environment, initializer));
            }
            options.addConfigEntry(FOLDER, folder.toString());
            if (!tensors.isEmpty()) {
                options.addExternalInitializers(tensors);
            }
            return environment.createSession(graph, options);
        } finally {
            tensors.values().forEach(OnnxTensorLike::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Held held) throws OrtException {
        ByteBuffer data = held.data().asByteBuffer().order(ByteOrder.nativeOrder());
        return switch (held.type()) {
            case FLOAT -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), held.shape());
            case FLOAT16 -> OnnxTensor.createTensor(environment, data, held.shape(), OnnxJavaType.FLOAT16);
            case UINT8 -> OnnxTensor.createTensor(environment, data, held.shape(), OnnxJavaType.UINT8);
            case INT32 -> OnnxTensor.createTensor(environment, data.asIntBuffer(), held.shape());
            case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), held.shape());
        };
    }
}
