package dev.plaudit.inference.safetensors;

import java.nio.file.Path;

/**
 * Where a tensor lies.
 *
 * @param name its name in the checkpoint
 * @param dtype its element type
 * @param shape the size of each dimension; empty for a scalar
 * @param file the real path of the file that holds it
 * @param offset its first byte, counted from the start of the file
 * @param length its bytes: the product of the shape times the element's size
 */
public record TensorInfo(String name, DType dtype, long[] shape, Path file, long offset, long length) {}
