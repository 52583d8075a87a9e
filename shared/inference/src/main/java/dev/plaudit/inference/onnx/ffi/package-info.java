/**
 * ONNX Runtime through its C API, of the library that its Java binding has loaded. The Java binding cannot bind values
 * that stay on a device from one run to the next; this can, and does no more than that.
 *
 * @see <a href="https://onnxruntime.ai/docs/api/c/struct_ort_api.html">OrtApi</a>
 */
package dev.plaudit.inference.onnx.ffi;
