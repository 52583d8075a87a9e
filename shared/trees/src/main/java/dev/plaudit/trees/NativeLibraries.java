package dev.plaudit.trees;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads XGBoost's native library from a folder where it lies unpacked. XGBoost4J itself inflates the library from its jar
 * into a temporary file in every JVM; the folder named by the system property {@code plaudit.native} saves that.
 */
final class NativeLibraries {
    /** Names the folder with the unpacked libraries; unset, the library unpacks itself. */
    static final String FOLDER = "plaudit.native";

    private static boolean done;

    private NativeLibraries() {}

    /**
     * Loads the library when the folder holds it, else leaves that to XGBoost4J; once per JVM, whatever comes first.
     *
     * @throws TreeModelException when the file in the folder cannot be loaded
     */
    static synchronized void load() {
        if (done) {
            return;
        }
        done = true;
        String folder = System.getProperty(FOLDER);
        if (folder == null) {
            return;
        }
        Path library = Path.of(folder, System.mapLibraryName("xgboost4j")).toAbsolutePath();
        if (Files.isRegularFile(library)) {
            load(library);
        }
    }

    private static void load(Path library) {
        try {
            Class<?> loader = Class.forName("ml.dmlc.xgboost4j.java.NativeLibLoader");
            if (loader.getClassLoader() != NativeLibraries.class.getClassLoader()) {
                return; // native methods are looked up in the libraries of their own class loader only
            }
            var initialized = loader.getDeclaredField("initialized");
            initialized.setAccessible(true);
            System.load(library.toString());
            initialized.setBoolean(null, true);
        } catch (UnsatisfiedLinkError e) {
            throw new TreeModelException(
                    "Native library %s cannot be loaded: %s.".formatted(library, e.getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new TreeModelException("XGBoost4J of this version cannot use %s.".formatted(library), e);
        }
    }
}
