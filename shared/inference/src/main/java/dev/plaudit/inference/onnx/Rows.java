package dev.plaudit.inference.onnx;

/**
 * One of several matrices that are stacked.
 *
 * @param weight its name in the checkpoint
 * @param out its rows
 */
public record Rows(String weight, int out) {}
