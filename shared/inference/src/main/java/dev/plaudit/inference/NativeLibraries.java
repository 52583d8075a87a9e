package dev.plaudit.inference;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
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
            Path runtime = Path.of(folder, System.mapLibraryName("onnxruntime"));
            Path binding = Path.of(folder, System.mapLibraryName("onnxruntime4j_jni"));
            if (Files.isRegularFile(runtime) && Files.isRegularFile(binding)) {
                setUnlessSet(ONNX_RUNTIME, folder);
            }
            Path tokenizers = Path.of(folder, System.mapLibraryName("tokenizers"));
            if (Files.isRegularFile(tokenizers)) {
                // The file, not its folder: given a folder, the library stumbles where no CUDA is.
                setUnlessSet(TOKENIZERS, tokenizers.toString());
            }
        }
    }

    /** Loads ONNX Runtime and the tokenizers, which else their first use does. */
    public static void loadAll() {
        OnnxEnvironment.get();
        LibUtils.checkStatus();
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
