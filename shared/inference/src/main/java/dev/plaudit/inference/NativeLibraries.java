package dev.plaudit.inference;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the native libraries of ONNX Runtime and of the tokenizers lie. The system property {@value #FOLDER} names a
 * folder that holds them unpacked, which saves half a second and a temporary copy at each start; what that folder lacks,
 * and everything when the property is not set, the libraries unpack from their jars themselves.
 */
public final class NativeLibraries {
    /** The system property that names the folder. */
    public static final String FOLDER = "plaudit.native";

    private static final String ONNX_RUNTIME = "onnxruntime.native.path";
    private static final String TOKENIZERS = "RUST_LIBRARY_PATH";

    private NativeLibraries() {}

    /** Tells the libraries where to look. To be called before their first use; a property already set is kept. */
    public static void locate() {
        String folder = System.getProperty(FOLDER);
        if (folder != null) {
            point(ONNX_RUNTIME, Path.of(folder), "onnxruntime", "onnxruntime4j_jni");
            point(TOKENIZERS, Path.of(folder), "tokenizers");
        }
    }

    private static void point(String property, Path folder, String... libraries) {
        for (String library : libraries) {
            if (!Files.isRegularFile(folder.resolve(System.mapLibraryName(library)))) {
                return;
            }
        }
        if (System.getProperty(property) == null) {
            System.setProperty(property, folder.toString());
        }
    }
}
