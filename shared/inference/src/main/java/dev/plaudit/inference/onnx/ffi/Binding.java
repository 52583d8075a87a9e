package dev.plaudit.inference.onnx.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the runs of a session read and write. What is bound to a name stays bound until something else is; an input that
 * lies elsewhere than the session wants it is copied there when it is bound, an output after the run. Not thread-safe.
 */
public final class Binding implements AutoCloseable {
    private final MemorySegment session;
    private final MemorySegment binding;

    Binding(MemorySegment session) {
        this.session = session;
        this.binding = OrtApi.Function.CREATE_IO_BINDING.create(session);
    }

    /** Binds an input; the tensor may be closed, its memory not. */
    public Binding input(String name, NativeTensor tensor) {
        return bind(OrtApi.Function.BIND_INPUT, name, tensor);
    }

    /** Binds an output; the tensor may be closed, its memory not. */
    public Binding output(String name, NativeTensor tensor) {
        return bind(OrtApi.Function.BIND_OUTPUT, name, tensor);
    }

    private Binding bind(OrtApi.Function function, String name, NativeTensor tensor) {
        try (Arena memory = Arena.ofConfined()) {
            function.call(binding, memory.allocateFrom(name), tensor.value());
        }
        return this;
    }

    /**
     * Runs the session and waits for it.
     *
     * @throws OrtFailure when the run fails
     */
    public void run() {
        OrtApi.Function.RUN_WITH_BINDING.call(session, MemorySegment.NULL, binding);
    }

    @Override
    public void close() {
        OrtApi.Release.IO_BINDING.call(binding);
    }
}
