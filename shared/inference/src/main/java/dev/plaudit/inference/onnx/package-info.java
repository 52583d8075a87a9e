/**
 * ONNX graphs, written in Java and run on ONNX Runtime.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>, the format
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">the operators that ONNX
 *     Runtime adds</a> under {@code com.microsoft}
 */
package dev.plaudit.inference.onnx;
