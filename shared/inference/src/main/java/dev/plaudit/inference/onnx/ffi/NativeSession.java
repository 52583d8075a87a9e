package dev.plaudit.inference.onnx.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A session whose runs read and write memory that stays where it is: on the device, or in the computer's own memory. To be
 * closed after all that was made of it. Thread-safe.
 */
public final class NativeSession implements AutoCloseable {
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;
    private static final int WARNING = 2;

    /** All sessions of this process share it; it is never released. */
    private static final MemorySegment ENVIRONMENT = environment();

    private final Arena arena = Arena.ofShared();
    private final Device device;
    private final MemorySegment host;
    private final MemorySegment onDevice;
    private final MemorySegment session;
    private final MemorySegment allocator;

    private NativeSession(OnnxModel model, InferenceOptions options, Device device) {
        this.device = device;
        this.host = memory("Cpu");
        this.onDevice = device == Device.CUDA ? memory("Cuda") : host;
        try {
            this.session = create(model, options);
            this.allocator = OrtApi.Function.CREATE_ALLOCATOR.create(session, onDevice);
        } catch (OrtFailure e) {
            release();
            throw e;
        }
    }

    /** {@link OnnxEnvironment}, by another name. */
    private static MemorySegment environment() {
        OnnxEnvironment.get();
        return OrtApi.Function.CREATE_ENV.create(WARNING, Arena.global().allocateFrom("plaudit"));
    }

    /**
     * Opens a session.
     *
     * @param device {@link Device#CPU} or {@link Device#CUDA}; the device of the options is not asked
     * @throws ModelException when ONNX Runtime refuses the model or the device
     */
    public static NativeSession open(OnnxModel model, InferenceOptions options, Device device) {
        try {
            return new NativeSession(model, options, device);
        } catch (OrtFailure e) {
            throw new ModelException(model.folder() + " cannot be run: " + e.getMessage(), e);
        }
    }

    /** Where it runs. */
    public Device device() {
        return device;
    }

    /** The names of the inputs. */
    public Set<String> inputs() {
        MemorySegment names = OrtApi.Function.GET_DEFAULT_ALLOCATOR.create();
        long count = OrtApi.Function.SESSION_GET_INPUT_COUNT.create(session).address();
        Set<String> inputs = new HashSet<>();
        for (long i = 0; i < count; i++) {
            MemorySegment name = OrtApi.Function.SESSION_GET_INPUT_NAME.create(session, i, names);
            inputs.add(name.reinterpret(Long.MAX_VALUE).getString(0));
            OrtApi.Function.ALLOCATOR_FREE.call(names, name);
        }
        return inputs;
    }

    /** Memory on the device, not set to anything. */
    public DeviceMemory allocate(long bytes) {
        return new DeviceMemory(allocator, bytes);
    }

    /** A tensor over a part of the device's memory. */
    public NativeTensor tensor(DeviceMemory memory, long offset, ElementType type, long... shape) {
        return NativeTensor.over(onDevice, memory.at(offset), type, shape);
    }

    /** A tensor over memory outside the heap, which must live as long. */
    public NativeTensor tensor(MemorySegment memory, ElementType type, long... shape) {
        return NativeTensor.over(host, memory, type, shape);
    }

    /** Inputs and outputs for runs. */
    public Binding bind() {
        return new Binding(session);
    }

    private MemorySegment memory(String name) {
        return OrtApi.Function.CREATE_MEMORY_INFO.create(arena.allocateFrom(name), DEVICE_ALLOCATOR, 0, DEFAULT_MEMORY);
    }

    private MemorySegment create(OnnxModel model, InferenceOptions options) {
        MemorySegment settings = OrtApi.Function.CREATE_SESSION_OPTIONS.create();
        try (Arena memory = Arena.ofConfined()) {
            OrtApi.Function.SET_INTRA_OP_NUM_THREADS.call(settings, options.threads());
            set(settings, OnnxSession.SPINNING, options.spinning() ? "1" : "0", memory);
            set(settings, OnnxSession.SPINNING_ENDS, "1", memory);
            set(settings, OnnxModel.FOLDER, model.folder().toString(), memory);
            if (device == Device.CUDA) {
                MemorySegment cuda = OrtApi.Function.CREATE_CUDA_OPTIONS.create();
                try {
                    OrtApi.Function.APPEND_CUDA.call(settings, cuda);
                } finally {
                    OrtApi.Release.CUDA_OPTIONS.call(cuda);
                }
            }
            List<NativeTensor> held = model.held().stream()
                    .map(initializer -> tensor(initializer.data(), initializer.type(), initializer.shape()))
                    .toList();
            try {
                addInitializers(settings, model.held(), held, memory);
                MemorySegment graph = memory.allocateFrom(ValueLayout.JAVA_BYTE, model.graph());
                return OrtApi.Function.CREATE_SESSION_FROM_ARRAY.create(ENVIRONMENT, graph, graph.byteSize(), settings);
            } finally {
                held.forEach(NativeTensor::close);
            }
        } finally {
            OrtApi.Release.SESSION_OPTIONS.call(settings);
        }
    }

    private static void set(MemorySegment settings, String key, String value, Arena memory) {
        OrtApi.Function.ADD_SESSION_CONFIG_ENTRY.call(settings, memory.allocateFrom(key), memory.allocateFrom(value));
    }

    private static void addInitializers(
            MemorySegment settings, List<OnnxModel.Held> held, List<NativeTensor> tensors, Arena memory) {
        if (held.isEmpty()) {
            return;
        }
        MemorySegment names = memory.allocate(ADDRESS, held.size());
        MemorySegment values = memory.allocate(ADDRESS, held.size());
        for (int i = 0; i < held.size(); i++) {
            names.setAtIndex(ADDRESS, i, memory.allocateFrom(held.get(i).name()));
            values.setAtIndex(ADDRESS, i, tensors.get(i).value());
        }
        OrtApi.Function.ADD_EXTERNAL_INITIALIZERS.call(settings, names, values, (long) held.size());
    }

    @Override
    public void close() {
        OrtApi.Release.ALLOCATOR.call(allocator);
        OrtApi.Release.SESSION.call(session);
        release();
    }

    private void release() {
        OrtApi.Release.MEMORY_INFO.call(host);
        if (onDevice != host) {
            OrtApi.Release.MEMORY_INFO.call(onDevice);
        }
        arena.close();
    }
}
