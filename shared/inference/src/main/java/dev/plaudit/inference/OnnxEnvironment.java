package dev.plaudit.inference;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * ONNX Runtime's environment, which all sessions of a process share. It stays to the end of the process: the Java binding
 * releases it as soon as the process begins to stop, though sessions go on with the work in hand and would crash without.
 * And it tells nobody that it is used: unless the environment variable {@code ORT_DISABLE_TELEMETRY} is set, ONNX Runtime keeps
 * an id of the machine in the home folder, and reports to its makers.
 */
public final class OnnxEnvironment {
    private static final String QUIET = "ORT_DISABLE_TELEMETRY";

    private static OrtEnvironment environment;

    private OnnxEnvironment() {}

    /** The environment; ONNX Runtime is loaded with the first call. */
    public static synchronized OrtEnvironment get() {
        if (environment == null) {
            NativeLibraries.locate();
            if (System.getenv(QUIET) == null) {
                setQuiet();
            }
            OrtEnvironment opened = OrtEnvironment.getEnvironment();
            hold();
            environment = opened;
        }
        return environment;
    }

    /** Sets it for this process; whoever starts one does so better beforehand, and saves the linking of the call. */
    private static void setQuiet() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                    .invokeExact(arena.allocateFrom(QUIET), arena.allocateFrom("1"), 1);
            if (failed != 0) {
                throw new IllegalStateException(QUIET + " cannot be set");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
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
