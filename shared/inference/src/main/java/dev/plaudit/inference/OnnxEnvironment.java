package dev.plaudit.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * ONNX Runtime's environment, which all sessions of a process share. It stays to the end of the process: the Java binding
 * releases it as soon as the process begins to stop, though sessions go on with the work in hand and would crash without.
 */
public final class OnnxEnvironment {
    private static OrtEnvironment environment;

    private OnnxEnvironment() {}

    /** The environment; ONNX Runtime is loaded with the first call. */
    public static synchronized OrtEnvironment get() {
        if (environment == null) {
            NativeLibraries.locate();
            OrtEnvironment opened = OrtEnvironment.getEnvironment();
            hold();
            environment = opened;
        }
        return environment;
    }

    /**
     * Counts one more owner, who never lets go: {@code OrtApi::CreateEnv} answers with the environment that there is. Called
     * as the binding does; the foreign function API would have to link the call first, at every start.
     */
    private static void hold() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(), "plaudit");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of ONNX Runtime's Java binding is not known", e);
        }
    }
}
