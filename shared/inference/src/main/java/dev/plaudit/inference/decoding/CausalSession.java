package dev.plaudit.inference.decoding;

import ai.onnxruntime.OrtException;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Resources;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.onnx.ffi.NativeSession;
import java.lang.System.Logger.Level;

/** A language model in ONNX Runtime, and the caches that it runs over: where the model is, there its caches are. */
sealed interface CausalSession extends AutoCloseable
        permits CausalSession.OnHost, CausalSession.OnDevice, ExportedSession {
    /** Where it runs. */
    Device device();

    /**
     * A new cache, to be closed before this session.
     *
     * @param slots sequences
     * @param room tokens of the longest
     */
    KvCache cache(int slots, int room);

    @Override
    void close();

    /**
     * Opens a session.
     *
     * @throws ModelException when ONNX Runtime refuses the model, or a device is asked for that is not there
     */
    static CausalSession open(OnnxModel model, CausalShape shape, InferenceOptions options) {
        if (OnnxSession.wantsCuda(options)) {
            try {
                return OnDevice.open(model, shape, options, Device.CUDA);
            } catch (ModelException e) {
                if (options.device() == Device.CUDA) {
                    throw e;
                }
                System.getLogger(CausalSession.class.getName())
                        .log(Level.WARNING, () -> "no GPU can be used, the CPU is taken: " + e.getMessage());
            }
        }
        return OnHost.open(model, shape, options);
    }

    /** On the CPU. */
    record OnHost(OnnxSession session, CausalShape shape) implements CausalSession {
        static OnHost open(OnnxModel model, CausalShape shape, InferenceOptions options) {
            return new OnHost(OnnxSession.open(model, options.withDevice(Device.CPU)), shape);
        }

        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public KvCache cache(int slots, int room) {
            try {
                return new HostCache(session, shape, slots, room);
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /**
     * On a device, with the caches in its memory. The tests run this on the CPU, where it says bit for bit what {@link
     * OnHost} says; on CUDA it was never run.
     */
    record OnDevice(NativeSession session, CacheMoves moves, CausalShape shape, boolean positions)
            implements CausalSession {
        static OnDevice open(OnnxModel model, CausalShape shape, InferenceOptions options, Device device) {
            Resources opened = new Resources();
            try {
                CacheMoves moves = opened.add(new CacheMoves(shape, model.folder(), options, device));
                NativeSession session = opened.add(NativeSession.open(model, options, device));
                return new OnDevice(session, moves, shape, session.inputs().contains(CausalGraph.POSITIONS));
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }

        @Override
        public Device device() {
            return session.device();
        }

        @Override
        public KvCache cache(int slots, int room) {
            return new DeviceCache(session, moves, shape, positions, slots, room);
        }

        @Override
        public void close() {
            session.close();
            moves.close();
        }
    }
}
