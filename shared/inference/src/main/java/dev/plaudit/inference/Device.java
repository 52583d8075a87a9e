package dev.plaudit.inference;

/** Where a model runs. */
public enum Device {
    /** On a GPU where ONNX Runtime finds one that it can use, on the CPU otherwise. */
    AUTO,
    CPU,
    /** On the first NVIDIA GPU; it is an error if there is none, or ONNX Runtime was built without CUDA. */
    CUDA
}
