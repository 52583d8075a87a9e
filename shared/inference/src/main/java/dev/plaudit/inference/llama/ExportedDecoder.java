package dev.plaudit.inference.llama;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The exported decoder of a folder, as Optimum and Transformers.js name its file. */
final class ExportedDecoder {
    private static final String FOLDER = "onnx";

    private ExportedDecoder() {}

    /** The file for a precision, if there is one: in the folder itself or in {@code onnx}. */
    static Optional<Path> in(Path folder, Precision precision) {
        return names(precision).stream()
                .flatMap(name ->
                        List.of(folder.resolve(name), folder.resolve(FOLDER).resolve(name)).stream())
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static List<String> names(Precision precision) {
        return switch (precision) {
            case FP32, FP16 -> List.of("model.onnx", "decoder_model_merged.onnx");
            case INT8 -> List.of("model_int8.onnx", "model_quantized.onnx");
            case INT4, INT4_64, INT4_128 -> List.of("model_q4.onnx");
        };
    }

    /** Reads a graph; weights of its own files stay where they are. */
    static OnnxModel read(Path file) {
        try {
            return new OnnxModel(Files.readAllBytes(file), file.toRealPath().getParent(), List.of());
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read", e);
        }
    }
}
