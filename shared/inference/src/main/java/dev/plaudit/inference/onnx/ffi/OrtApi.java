package dev.plaudit.inference.onnx.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.plaudit.inference.OnnxEnvironment;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The table of functions. A function's place in it never changes from one version of ONNX Runtime to the next; all of
 * these are in version 12 and later.
 */
final class OrtApi {
    /** A function that answers with an {@code OrtStatus}. */
    enum Function {
        CREATE_ENV(3, JAVA_INT, ADDRESS, ADDRESS),
        CREATE_SESSION_FROM_ARRAY(8, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
        CREATE_SESSION_OPTIONS(10, ADDRESS),
        SET_INTRA_OP_NUM_THREADS(24, ADDRESS, JAVA_INT),
        SESSION_GET_INPUT_COUNT(30, ADDRESS, ADDRESS),
        SESSION_GET_INPUT_NAME(36, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
        CREATE_TENSOR_WITH_DATA(49, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS),
        CREATE_MEMORY_INFO(68, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
        ALLOCATOR_ALLOC(75, ADDRESS, JAVA_LONG, ADDRESS),
        ALLOCATOR_FREE(76, ADDRESS, ADDRESS),
        GET_DEFAULT_ALLOCATOR(78, ADDRESS),
        ADD_SESSION_CONFIG_ENTRY(130, ADDRESS, ADDRESS, ADDRESS),
        CREATE_ALLOCATOR(131, ADDRESS, ADDRESS, ADDRESS),
        RUN_WITH_BINDING(133, ADDRESS, ADDRESS, ADDRESS),
        CREATE_IO_BINDING(134, ADDRESS, ADDRESS),
        BIND_INPUT(136, ADDRESS, ADDRESS, ADDRESS),
        BIND_OUTPUT(137, ADDRESS, ADDRESS, ADDRESS),
        APPEND_CUDA(204, ADDRESS, ADDRESS),
        CREATE_CUDA_OPTIONS(205, ADDRESS),
        ADD_EXTERNAL_INITIALIZERS(210, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

        private final MethodHandle handle;

        Function(int place, MemoryLayout... parameters) {
            this.handle = bind(place, FunctionDescriptor.of(ADDRESS, parameters))
                    .asSpreader(Object[].class, parameters.length);
        }

        /** @throws OrtFailure with ONNX Runtime's message when it refuses */
        void call(Object... arguments) {
            check((MemorySegment) invoke(() -> handle.invoke(arguments)));
        }

        /** Calls a function whose last parameter says where to put a pointer. */
        MemorySegment create(Object... arguments) {
            try (Arena memory = Arena.ofConfined()) {
                MemorySegment result = memory.allocate(ADDRESS);
                Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
                all[arguments.length] = result;
                call(all);
                return result.get(ADDRESS, 0);
            }
        }
    }

    /** A function that frees what another created. */
    enum Release {
        STATUS(93),
        MEMORY_INFO(94),
        SESSION(95),
        VALUE(96),
        SESSION_OPTIONS(100),
        ALLOCATOR(132),
        IO_BINDING(135),
        CUDA_OPTIONS(208);

        private final MethodHandle handle;

        Release(int place) {
            this.handle = bind(place, FunctionDescriptor.ofVoid(ADDRESS));
        }

        void call(MemorySegment pointer) {
            invoke(() -> {
                handle.invokeExact(pointer);
                return null;
            });
        }
    }

    private interface Call {
        Object make() throws Throwable;
    }

    private static final int VERSION = 12;
    private static final int FUNCTIONS = 211;
    private static final int GET_ERROR_MESSAGE = 2;

    private static final MemorySegment TABLE = table();
    private static final MethodHandle ERROR_MESSAGE = bind(GET_ERROR_MESSAGE, FunctionDescriptor.of(ADDRESS, ADDRESS));

    private OrtApi() {}

    private static MemorySegment table() {
        OnnxEnvironment.get();
        MemorySegment base = SymbolLookup.loaderLookup()
                .find("OrtGetApiBase")
                .orElseThrow(() -> new IllegalStateException(
                        "the library of ONNX Runtime was loaded by another class loader than that of Plaudit"));
        Linker linker = Linker.nativeLinker();
        return (MemorySegment) invoke(() -> {
            MemorySegment versions = (MemorySegment)
                    linker.downcallHandle(base, FunctionDescriptor.of(ADDRESS)).invokeExact();
            MethodHandle get = linker.downcallHandle(
                    versions.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0), FunctionDescriptor.of(ADDRESS, JAVA_INT));
            return ((MemorySegment) get.invokeExact(VERSION)).reinterpret(FUNCTIONS * ADDRESS.byteSize());
        });
    }

    private static MethodHandle bind(int place, FunctionDescriptor function) {
        return Linker.nativeLinker().downcallHandle(TABLE.getAtIndex(ADDRESS, place), function);
    }

    private static void check(MemorySegment status) {
        if (status.address() != 0) {
            MemorySegment message = (MemorySegment) invoke(() -> (MemorySegment) ERROR_MESSAGE.invokeExact(status));
            String text = message.reinterpret(Long.MAX_VALUE).getString(0);
            Release.STATUS.call(status);
            throw new OrtFailure(text);
        }
    }

    private static Object invoke(Call call) {
        try {
            return call.make();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
