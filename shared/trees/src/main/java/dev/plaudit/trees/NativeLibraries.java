package dev.plaudit.trees;

import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads the native libraries of XGBoost and CatBoost. Both inflate theirs from a jar into a temporary file in every JVM; a
 * folder named by the system property {@code plaudit.native} that holds XGBoost's unpacked saves that.
 */
public final class NativeLibraries {
    /** Names the folder with the unpacked libraries; unset, the library unpacks itself. */
    static final String FOLDER = "plaudit.native";

    private static boolean xgboostLoaded;

    private NativeLibraries() {}

    /**
     * Loads both, which else the first model does.
     *
     * @throws TreeModelException when one cannot be loaded
     */
    public static void load() {
        loadXgboost();
        try {
            MethodHandles.lookup().ensureInitialized(ai.catboost.CatBoostModel.class);
        } catch (IllegalAccessException e) {
            throw new TreeModelException("CatBoost of this version cannot be loaded.", e);
        }
    }

    /**
     * Loads XGBoost's when the folder holds it, else leaves that to XGBoost4J; once per JVM, whatever comes first.
     *
     * @throws TreeModelException when the file in the folder cannot be loaded
     */
    static synchronized void loadXgboost() {
        String folder = System.getProperty(FOLDER);
        if (folder != null && !xgboostLoaded) {
            Path library = Path.of(folder, System.mapLibraryName("xgboost4j")).toAbsolutePath();
            if (Files.isRegularFile(library)) {
                load(library);
            }
        }
        xgboostLoaded = true;
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
