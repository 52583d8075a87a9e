package dev.plaudit.inference.onnx.ffi;

/** ONNX Runtime refused a call, for the reason in the message. */
public final class OrtFailure extends RuntimeException {
    OrtFailure(String message) {
        super(message);
    }
}
